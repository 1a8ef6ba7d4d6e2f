/* What roles permit and nobody uses. */
#include "report/report.h"

/* What one role grants, over the people who have it; `used`: one of them ran it. */
static struct report_unused granted_by(struct arena *arena, const struct report_endpoint *place,
	size_t column, const struct grant *grant, bool *used)
{
	struct report_unused granted = {.role = grant->role->name,
		.command = place->columns[column],
		.endpoint = place->endpoint,
		.source = grant->source};

	*used = false;
	for (size_t i = 0; i < place->person_count; i++) {
		const struct report_cell *cell = &place->people[i].cells[column];

		if (!strings_contain(&cell->roles, granted.role))
			continue;
		strings_add(arena, &granted.holders, place->people[i].name);
		*used = *used || cell->use.runs > 0;
	}
	return granted;
}

/* A role may grant a command by several entries, of which one is enough to be shown. */
static bool is_repeated(const struct grants *grants, size_t index)
{
	return index > 0 && grants->items[index - 1]->role == grants->items[index]->role;
}

static void add_column(struct arena *arena, const struct report_endpoint *place, size_t column,
	struct report_unused **items, size_t *count)
{
	const struct grants *grants = place->columns[column]->grants;

	for (size_t i = 0; grants != NULL && i < grants->count; i++) {
		struct report_unused granted;
		bool used;

		if (is_repeated(grants, i))
			continue;
		granted = granted_by(arena, place, column, grants->items[i], &used);
		if (granted.holders.count == 0 || used)
			continue;
		*items = arena_grow(arena, *items, *count, sizeof(**items));
		(*items)[(*count)++] = granted;
	}
}

size_t report_unused(struct arena *arena, const struct report *report, struct report_unused **items)
{
	size_t count = 0;

	*items = NULL;
	for (size_t i = 0; i < report->endpoint_count; i++)
		for (size_t j = 0; j < report->endpoints[i].column_count; j++)
			add_column(arena, &report->endpoints[i], j, items, &count);
	return count;
}

struct strings report_who_may(
	struct arena *arena, const struct report_endpoint *place, size_t column)
{
	struct strings people = {0};

	for (size_t i = 0; i < place->person_count; i++)
		if (place->people[i].cells[column].roles.count > 0)
			strings_add(arena, &people, place->people[i].name);
	return people;
}
