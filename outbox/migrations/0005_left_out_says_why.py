from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0004_say_why_old_letters_were_left_out'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at', None), ('left_out', '')), models.Q(('cancelled_at__isnull', False), models.Q(('left_out', ''), _negated=True)), _connector='OR'), name='delivery_left_out_says_why'),
        ),
    ]
