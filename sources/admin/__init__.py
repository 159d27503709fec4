from .source import SourceAdmin

__all__ = ["SourceAdmin"]
