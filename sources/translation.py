from modeltranslation.translator import TranslationOptions, register

from .models import Source, SourceAssessment


@register(Source)
class SourceTranslation(TranslationOptions):
    fields = ("name", "description")


@register(SourceAssessment)
class SourceAssessmentTranslation(TranslationOptions):
    fields = ("rationale",)
