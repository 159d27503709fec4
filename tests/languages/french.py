"""Run by test_third.py in a scratch copy of the project whose settings have French. Prints what came of it as JSON."""

import json
import re

import django
from django.core.management import call_command

django.setup()
call_command("makemigrations", "articles", "sources", "--name", "french", verbosity=0)
call_command("migrate", verbosity=0)

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils.translation import override  # noqa: E402

from articles import refusing, workflow  # noqa: E402
from articles.models import Article, Category, Publication, WorkingLanguage  # noqa: E402
from articles.states import Move  # noqa: E402
from sources import frozen  # noqa: E402
from tests import factories  # noqa: E402

told: dict[str, object] = {}
loader = MigrationLoader(connection)
told["migrations"] = sorted(app for app, name in loader.disk_migrations if name.endswith("_french"))
call_command(
    "makemigrations", "articles", "sources", check_changes=True, verbosity=0
)  # exits where one is left to make
executor = MigrationExecutor(connection)
waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
told["left to migrate"] = [*map(str, waiting), *frozen.missing(connection)]

desk = factories.desk()
Category.objects.create(
    name_vi="Công nghệ", name_en="Technology", name_fr="La technique", slug_vi="cong-nghe", slug_en="technology",
    slug_fr="la-technique",
)  # fmt: skip
WORDS = {"headline": "Le titre", "summary": "Un résumé.", "body": "<p>Début.</p><h2>Partie</h2><p>Corps.</p>"}
article = factories.article(desk.an, **{f"{name}_fr": text for name, text in WORDS.items()})
factories.cite(article, desk.an)
publication = factories.published(article, "fr", desk=desk)
told["live"] = [row.language for row in Publication.objects.live()]


def page(path: str, client: Client) -> str:
    return client.get(path, headers={"accept-language": "en"}).content.decode()


reader, root = Client(), Client()
root.force_login(User.objects.create_superuser("root"))
french = page("/fr/articles/le-titre/", reader)
told["byline"] = [word for word in ("Les sources", "Aller au contenu") if word in french]
paths = (
    "/fr/", "/fr/articles/le-titre/", "/fr/categories/la-technique/", "/fr/authors/mai-lan/", "/fr/sources/",
    "/fr/sources/example/", "/fr/archive/", "/fr/corrections/", "/fr/confidence/", "/fr/feed.atom",
    "/sitemap-1.xml", "/en/articles/le-titre/", "/admin/articles/article/add/", "/admin/articles/category/add/",
    "/admin/",
)  # fmt: skip
told["answers"] = {
    path: (root if path.startswith("/admin") else reader).get(path, headers={"accept-language": "en"}).status_code
    for path in paths
}
told["lang"] = re.findall(r'<html lang="(\w+)"', french)[0]
told["words"] = all(text in french for text in WORDS.values())
told["editions"] = re.findall(r'hreflang="(\w+)"[^>]*><span lang="\1"', french)
told["elsewhere"] = next(iter(re.findall(r"This article is not[^<]*", page("/en/articles/le-titre/", reader))), "")
form = page(f"/admin/articles/article/{article.pk}/change/", root)
told["fields"] = sorted(set(re.findall(r'name="(\w+_fr)"', form)))

article = Article.objects.get(pk=article.pk)
article.headline_fr = "Le titre, corrigé"
article.save(by=desk.an)
factories.approved(article, "fr", desk=desk)
workflow.correct(publication, by=desk.chi, version=2, kind="typo", note="Une faute.")
told["corrected"] = re.findall(r"<h1>([^<]*)", page("/fr/articles/le-titre/", reader))[0]

WorkingLanguage.objects.create(user=desk.binh, language="fr")
with override("en"):
    binh = User.objects.get(pk=desk.binh.pk)
    told["scoped"] = refusing.not_you(Publication(article=article, language="en"), Move.APPROVE, binh)

print(json.dumps(told))  # noqa: T201
