"""Submitted statistics, explanations of differences, and the work report of an office."""

import django.db.models.deletion
import registry.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0001_initial'),
        ('members', '0008_development'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FiguresReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_at', models.DateField(verbose_name='as at')),
                ('numbers', models.JSONField(verbose_name='numbers')),
                ('submitted_on', models.DateField(verbose_name='submitted on')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures_reports', to='branches.organization', verbose_name='organisation')),
                ('submitted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by')),
            ],
            options={
                'verbose_name': 'submitted statistics',
                'verbose_name_plural': 'submitted statistics',
                'ordering': ['-as_at', 'organization'],
            },
        ),
        migrations.CreateModel(
            name='ReportedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(blank=True, max_length=30)),
                ('sign', models.SmallIntegerField(default=0)),
                ('on', models.DateField(null=True)),
                ('kind', models.CharField(blank=True, max_length=20)),
                ('sex', models.CharField(blank=True, max_length=1)),
                ('ethnicity', models.CharField(blank=True, max_length=2)),
                ('born_on', registry.fields.PartialDateField(null=True)),
                ('education', models.CharField(blank=True, max_length=2)),
                ('category', models.CharField(blank=True, max_length=20)),
                ('joined_on', registry.fields.PartialDateField(null=True)),
                ('full_member_on', registry.fields.PartialDateField(null=True)),
                ('party_age_correction', models.SmallIntegerField(default=0)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='branches.organization')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='members.figuresreport')),
            ],
        ),
        migrations.CreateModel(
            name='TypedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('first', models.DateField(verbose_name='from')),
                ('last', models.DateField(verbose_name='to')),
                ('key', models.CharField(max_length=40, verbose_name='what')),
                ('value', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='number')),
                ('typed_on', models.DateField(verbose_name='typed on')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='typed_figures', to='branches.organization', verbose_name='organisation')),
                ('typed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='typed by')),
            ],
            options={
                'verbose_name': 'typed number',
                'verbose_name_plural': 'typed numbers',
                'ordering': ['organization', 'first', 'last', 'key'],
            },
        ),
        migrations.CreateModel(
            name='WorkReportTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('text', models.TextField(max_length=20000, verbose_name='sentences')),
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='work_report_template', to='branches.organization', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'template of the work report',
                'verbose_name_plural': 'templates of the work report',
                'ordering': ['organization__path'],
            },
        ),
        migrations.CreateModel(
            name='DifferenceNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('as_at', models.DateField(verbose_name='as at')),
                ('text', models.TextField(max_length=1000, verbose_name='explanation')),
                ('written_on', models.DateField(verbose_name='written on')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='difference_notes', to='branches.organization', verbose_name='organisation')),
                ('written_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'explanation of a difference',
                'verbose_name_plural': 'explanations of differences',
                'ordering': ['-as_at', 'organization'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'as_at'), name='difference_note_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='figuresreport',
            constraint=models.UniqueConstraint(fields=('organization', 'as_at'), name='figures_report_once', violation_error_message='The statistics of this day were submitted already. What was corrected since stands beside them.'),
        ),
        migrations.AddConstraint(
            model_name='typedfigure',
            constraint=models.UniqueConstraint(fields=('organization', 'first', 'last', 'key'), name='typed_figure_once'),
        ),
        migrations.AddConstraint(
            model_name='typedfigure',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='typed_figure_of_a_period'),
        ),
    ]
