/* A diff for people, and for programs. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "author/diff.h"
#include "author/sheet.h"
#include "base/text.h"

static void add_changes(struct sheet *sheet, const char *indent, const struct diff_changes *changes)
{
	static const char marks[] = {[DIFF_LOSS] = '-', [DIFF_GAIN] = '+', [DIFF_CHANGE] = '~'};

	for (size_t i = 0; i < changes->count; i++) {
		const struct diff_change *change = &changes->items[i];

		sheet_add(sheet, "%s%c %s: %s\n", indent, marks[change->effect], change->what,
			text_escape(sheet->arena, change->text, strlen(change->text)));
		if (change->risk != NULL)
			sheet_add(sheet, "%s    ! %s\n", indent, change->risk);
	}
}

static void add_endpoint(struct sheet *sheet, const struct diff_endpoint *endpoint)
{
	static const char *const states[] = {"", " (new)", " (gone)"};

	if (endpoint->state == DIFF_SAME && endpoint->changes.count == 0 &&
		endpoint->people_count == 0)
		return;
	sheet_add(sheet, "endpoint %s%s\n", endpoint->name, states[endpoint->state]);
	add_changes(sheet, "  ", &endpoint->changes);
	for (size_t i = 0; i < endpoint->people_count; i++) {
		sheet_add(sheet, "  %s\n",
			strings_join(sheet->arena, &endpoint->people[i].labels, ", "));
		add_changes(sheet, "    ", &endpoint->people[i].changes);
	}
}

char *diff_text(const struct diff *diff)
{
	struct sheet sheet = {.arena = diff->arena};

	if (diff->changes.count > 0)
		sheet_add(&sheet, "gateway\n");
	add_changes(&sheet, "  ", &diff->changes);
	for (size_t i = 0; i < diff->endpoint_count; i++)
		add_endpoint(&sheet, &diff->endpoints[i]);
	for (size_t i = 0; i < diff->notes.count; i++)
		sheet_add(&sheet, "note: %s\n", diff->notes.items[i]);
	if (!diff_is_different(diff))
		sheet_add(&sheet, "nobody gains or loses anything\n");
	return sheet_text(&sheet);
}

static json_t *changes_json(const struct diff_changes *changes)
{
	static const char *const effects[] = {"loss", "gain", "change"};
	json_t *list = json_array();

	for (size_t i = 0; i < changes->count; i++) {
		const struct diff_change *change = &changes->items[i];

		json_array_append_new(list,
			json_pack("{s:s,s:s,s:s,s:s?}", "effect", effects[change->effect], "what",
				change->what, "text", change->text, "risk", change->risk));
	}
	return list;
}

static json_t *names_json(const struct strings *names)
{
	json_t *list = json_array();

	for (size_t i = 0; i < names->count; i++)
		json_array_append_new(list, json_string(names->items[i]));
	return list;
}

static json_t *endpoint_json(const struct diff_endpoint *endpoint)
{
	static const char *const states[] = {"same", "new", "gone"};
	json_t *people = json_array();

	for (size_t i = 0; i < endpoint->people_count; i++)
		json_array_append_new(people,
			json_pack("{s:o,s:o}", "people", names_json(&endpoint->people[i].labels),
				"changes", changes_json(&endpoint->people[i].changes)));
	return json_pack("{s:s,s:s,s:o,s:o}", "name", endpoint->name, "state",
		states[endpoint->state], "changes", changes_json(&endpoint->changes), "people",
		people);
}

char *diff_json(const struct diff *diff)
{
	json_t *endpoints = json_array(), *object;
	char *dumped, *kept;

	for (size_t i = 0; i < diff->endpoint_count; i++)
		json_array_append_new(endpoints, endpoint_json(&diff->endpoints[i]));
	object = json_pack("{s:b,s:o,s:o,s:o}", "different", diff_is_different(diff), "gateway",
		changes_json(&diff->changes), "endpoints", endpoints, "notes",
		names_json(&diff->notes));
	dumped = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	kept = arena_strdup(diff->arena, dumped != NULL ? dumped : "{}");
	free(dumped);
	json_decref(object);
	return kept;
}
