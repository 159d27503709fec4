"""The desk in a folder, and a desk from a folder, whichever of the two engines is on either side.

A folder of backups has one folder for each, named by its moment:

    20261127T015935Z/manifest.json           what there is, with the digest of each part
    20261127T015935Z/rows/<table>.jsonl      a row a line
    20261127T015935Z/media.jsonl             a picture a line
    20261127T015935Z/media/<name>            its bytes
    unfinished/                              what is being made, or was stopped

Everything is read and written piece by piece, however much there is.
"""


class Unfit(Exception):
    """A backup that cannot be made, trusted or restored. The reason is a sentence for the operator."""
