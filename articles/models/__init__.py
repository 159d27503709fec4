from .address import Address
from .article import Article
from .article_photo import ArticlePhoto
from .audit import Audit
from .author import Author, AuthorSlug
from .category import Category, CategorySlug
from .citation import Citation
from .correction import Correction
from .edit import Edit
from .heartbeat import Heartbeat
from .invalidation import Invalidation
from .link import Link
from .notification import Notification, NotificationChoice
from .photo import Photo, PhotoFile
from .policy import PublishedPolicy
from .preview import PreviewLink, PreviewOpening
from .publication import Publication
from .remark import Remark
from .rendition import Rendition
from .review import ReviewStatus
from .schedule import Schedule
from .search_entry import SearchEntry
from .search_words import SearchWords
from .verdict import Verdict
from .verification import Verification
from .version import Version
from .version_author import VersionAuthor
from .version_photo import VersionPhoto
from .version_source import VersionSource
from .working_language import WorkingLanguage

__all__ = [
    "Address",
    "Article",
    "ArticlePhoto",
    "Audit",
    "Author",
    "AuthorSlug",
    "Category",
    "CategorySlug",
    "Citation",
    "Correction",
    "Edit",
    "Heartbeat",
    "Invalidation",
    "Link",
    "Notification",
    "NotificationChoice",
    "Photo",
    "PhotoFile",
    "PreviewLink",
    "PreviewOpening",
    "Publication",
    "PublishedPolicy",
    "Remark",
    "Rendition",
    "ReviewStatus",
    "Schedule",
    "SearchEntry",
    "SearchWords",
    "Verdict",
    "Verification",
    "Version",
    "VersionAuthor",
    "VersionPhoto",
    "VersionSource",
    "WorkingLanguage",
]
