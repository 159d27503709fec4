from modeltranslation.translator import TranslationOptions, register

from .models import Article, Author, Category, Photo
from .models.article import TRANSLATED
from .models.photo import SAID


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = (*TRANSLATED, "likeness")


@register(Author)
class AuthorTranslation(TranslationOptions):
    fields = ("bio", "expertise")


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name", "slug", "description")


@register(Photo)
class PhotoTranslation(TranslationOptions):
    fields = SAID
