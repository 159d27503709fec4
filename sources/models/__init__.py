from .address import SourceAddress
from .assessment import SourceAssessment
from .outcome import SourceOutcome
from .source import Kind, Source, SourceSlug

__all__ = ["Kind", "Source", "SourceAddress", "SourceAssessment", "SourceOutcome", "SourceSlug"]
