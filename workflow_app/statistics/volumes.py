"""How many cases there are."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from workflow_app.cases.models import Case


def opened() -> Counter[str]:
    """Return how many cases follow each process."""
    counted = Case.objects.values_list("definition__process_key").annotate(number=Count("*"))
    return Counter(dict(counted.values_list("definition__process_key", "number")))
