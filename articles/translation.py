from modeltranslation.translator import TranslationOptions, register

from .models import Article, Author, Category
from .models.article import TRANSLATED


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = (*TRANSLATED, "likeness")


@register(Author)
class AuthorTranslation(TranslationOptions):
    fields = ("bio", "expertise")


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name", "slug", "description")
