"""The first run of a new area, words of one area, and the reference data that every installation begins with.

The tables come first: PostgreSQL changes none that has just been written to. Rows that are there already stay as they
are, so an installation that has loaded the demo content or written its own register loses nothing.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from contacts.reference_data import loading


def load_reference_data(apps, schema_editor):
    loading.load(apps.get_model)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_searchable_organisations'),
    ]

    operations = [
        migrations.AddField(
            model_name='term',
            name='area',
            field=models.ForeignKey(blank=True, help_text='Words of one area are offered in that area only; a word without an area is shared by all.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='contacts.coordinationarea', verbose_name='area'),
        ),
        migrations.CreateModel(
            name='AreaLogo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('kind', models.CharField(choices=[('picture', 'picture'), ('pdf', 'PDF'), ('odt', 'ODT'), ('docx', 'DOCX')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name of the file')),
                ('alt', models.CharField(blank=True, max_length=250, verbose_name='what the picture shows')),
                ('width', models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ('height', models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ('size', models.PositiveBigIntegerField(editable=False, verbose_name='size')),
                ('token', models.CharField(editable=False, max_length=32, unique=True)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='removed')),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='may be published, says')),
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='logo', to='contacts.coordinationarea', verbose_name='area')),
            ],
            options={
                'verbose_name': 'logo',
                'verbose_name_plural': 'logos',
                'constraints': [models.CheckConstraint(condition=models.Q(('height__isnull', False), ('kind', 'picture'), ('width__isnull', False), models.Q(('alt', ''), _negated=True)), name='area_logo_is_picture')],
            },
        ),
        migrations.CreateModel(
            name='CoordinatorInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('language', models.CharField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English')], default='fi', max_length=2, verbose_name='language')),
                ('sent_at', models.DateTimeField(verbose_name='sent')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coordinator_invitations', to='contacts.coordinationarea', verbose_name='area')),
                ('invited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
            ],
            options={
                'verbose_name': "coordinator's invitation",
                'verbose_name_plural': "coordinators' invitations",
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None)), fields=('area', 'email'), name='coordinator_invited_once')],
            },
        ),
        migrations.CreateModel(
            name='SetupStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('name', 'Name and languages'), ('municipalities', 'Municipalities'), ('look', 'Logo and colour'), ('mail', 'A test of the mail'), ('network', 'The first network')], max_length=20, verbose_name='step')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='setup_steps', to='contacts.coordinationarea', verbose_name='area')),
            ],
            options={
                'verbose_name': 'first step',
                'verbose_name_plural': 'first steps',
                'constraints': [models.UniqueConstraint(fields=('area', 'step'), name='setup_step_once_per_area'), models.CheckConstraint(condition=models.Q(('step__in', ['name', 'municipalities', 'look', 'mail', 'network'])), name='setup_step_is_known')],
            },
        ),
        migrations.RunPython(load_reference_data, migrations.RunPython.noop),
    ]
