"""Words that mean the same for a search, edited on the desk; the usual ones of youth work to begin with."""

from django.db import migrations, models

WORDS = [
    "nuorisotila, nuorisotalo, nuokkari, nuta, nuti, nuoppari",
    "fritidsgård, ungdomsgård, ungdomslokal",
    "nuorisovaltuusto, nuva",
    "ungdomsfullmäktige, ungdomsråd",
    "sähköposti, sposti, meili, email",
    "e-post, mejl",
    "itsetuhoisuus, itsemurha",
    "självmord, självdestruktivitet",
    "some, sosiaalinen media",
    "elokuva, leffa",
    "puhelin, kännykkä, matkapuhelin, luuri",
    "jalkapallo, futis",
    "salibandy, sähly",
    "koripallo, koris",
    "jääkiekko, lätkä",
    "yläkoulu, yläaste",
    "alakoulu, ala-aste",
    "ammattioppilaitos, ammattiopisto, ammattikoulu, amis",
    "opinto-ohjaaja, opo",
    "rippikoulu, rippari",
    "mielenterveys, mt",
    "huume, huumausaine",
    "tupakka, savuke, rööki",
    "sähkötupakka, vape, veippi",
    "lanit, lani, verkkopelitapahtuma",
    "larppi, live-roolipeli, larp",
    "hyvinvoinnin ja terveyden edistäminen, hyte",
    "sosiaali- ja terveyspalvelut, sote",
    "aluehallintovirasto, avi",
    "opetus- ja kulttuuriministeriö, okm",
    "maahanmuuttaja, maahan muuttanut",
    "sateenkaarinuori, hlbtiq, lhbtiq, hlbt",
    "vapaaehtoinen, vapari",
    "kokous, palaveri",
    "tietokone, läppäri",
    "internet, netti",
    "chatti, chat",
    "bändi, yhtye",
    "etsivä nuorisotyö, etnu",
]


def add_words(apps, schema_editor):
    entry = apps.get_model("search", "ThesaurusEntry")
    entry.objects.bulk_create(entry(words=words) for words in WORDS)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_words")]

    operations = [
        migrations.CreateModel(
            name="ThesaurusEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "words",
                    models.CharField(
                        help_text=(
                            "Separated by commas, each as it stands in a dictionary: telephone, mobile, phone."
                            " Who looks for one of them finds the others too."
                        ),
                        max_length=500,
                        verbose_name="words that mean the same",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "words that mean the same",
                "verbose_name_plural": "thesaurus of the search",
            },
        ),
        migrations.RunPython(add_words, migrations.RunPython.noop, elidable=False),
    ]
