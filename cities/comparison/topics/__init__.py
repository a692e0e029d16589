"""What is compared: groups of topics, each a question and how a version's rows answer it."""

from cities.comparison.topics import changes, duties, entry, evaluation, exits, service, validity
from cities.comparison.topics.topic import Group

GROUPS: tuple[Group, ...] = (
    changes.GROUP,
    evaluation.GROUP,
    entry.GROUP,
    service.GROUP,
    exits.GROUP,
    duties.GROUP,
    validity.GROUP,
)
