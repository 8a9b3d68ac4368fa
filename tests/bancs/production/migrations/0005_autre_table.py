"""The same of another table, in a transaction of its own: one that holds the first and waits for the second, while a page
that joins them holds the second and waits for the first, is a deadlock, and that page an error.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("production", "0004_validation")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_user ADD COLUMN essai varchar(8) NOT NULL DEFAULT ''",
            "ALTER TABLE accounts_user DROP COLUMN essai",
        )
    ]
