
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0011_transfers'),
    ]

    operations = [
        migrations.AddField(
            model_name='placement',
            name='place',
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name='order'),
        ),
    ]
