"""Finnish words stand in Finnish order, whatever collation the server was built with."""

from contacts.models import Municipality, Region


def test_the_letters_after_z_come_after_z(db):
    region = Region.objects.create(code="13", slug="keski-suomi", name_fi="Keski-Suomi")
    for code, name in [
        ("001", "Äänekoski"),
        ("002", "Ähtäri"),
        ("003", "Zorro"),
        ("004", "alavus"),
        ("005", "Åbo"),
        ("006", "Övermark"),
    ]:
        Municipality.objects.create(code=code, slug=code, region=region, name_fi=name)
    names = list(Municipality.objects.alphabetical().values_list("name_fi", flat=True))
    assert names == ["alavus", "Zorro", "Åbo", "Ähtäri", "Äänekoski", "Övermark"]
