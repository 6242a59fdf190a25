import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill_codes(apps, schema_editor):
    """Nobody has kept former codes so far: every line of the chronicle bears the present one."""
    organizations = apps.get_model('branches', 'Organization').objects
    now = organizations.filter(pk=OuterRef('organization')).values('code')
    apps.get_model('branches', 'OrganizationPeriod').objects.update(code=Subquery(now[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='organizationperiod',
            name='code',
            field=models.CharField(blank=True, db_default='', db_index=True, max_length=30, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='organizationperiod',
            name='event',
            field=models.CharField(choices=[('founded', 'founded'), ('renamed', 'renamed'), ('moved', 'moved'), ('moved_along', 'moved with its superior'), ('changed_kind', 'changed in kind'), ('dissolved', 'dissolved'), ('split', 'gave founding to others'), ('took_in', 'took others in'), ('reassigned', 'given to another superior')], max_length=20, verbose_name='event'),
        ),
        migrations.CreateModel(
            name='Reorganization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('rename', 'renaming'), ('kind', 'change of kind'), ('move', 'whole move'), ('dissolve', 'dissolution'), ('split', 'split'), ('merge', 'merger')], max_length=20, verbose_name='act')),
                ('on', models.DateField(verbose_name='on')),
                ('document', models.CharField(blank=True, max_length=100, verbose_name='document number')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered at')),
                ('taken_back_at', models.DateTimeField(editable=False, null=True, verbose_name='taken back at')),
                ('kept', models.JSONField(default=dict, editable=False)),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reorganizations', to='branches.organization', verbose_name='organisation')),
                ('taken_back_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
            ],
            options={
                'verbose_name': 'reorganisation',
                'verbose_name_plural': 'reorganisations',
                'ordering': ['organization', 'entered_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='organizationperiod',
            name='act',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='lines', to='branches.reorganization', verbose_name='reorganisation'),
        ),
        migrations.AddConstraint(
            model_name='reorganization',
            constraint=models.CheckConstraint(condition=models.Q(('taken_back_at__isnull', True), ('taken_back_at__gte', models.F('entered_at')), _connector='OR'), name='reorganization_taken_back_after_entered'),
        ),
        migrations.RunPython(fill_codes, migrations.RunPython.noop),
    ]
