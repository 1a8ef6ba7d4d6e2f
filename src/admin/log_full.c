/* Each event with all that it says: for who asks about one of them. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/log_show.h"
#include "admin/log_words.h"
#include "base/text.h"

enum { NAME_WIDTH = 14 };

/* What the head of an event has, and what is for verify-log. */
static bool is_left_out(const struct line_value *name)
{
	static const char *const names[] = {"time", "op", "res", "prev", "hash"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (line_is(name, names[i]))
			return true;
	return false;
}

static const char *shown(
	struct arena *arena, const char *text, size_t length, const char *otherwise)
{
	return text == NULL ? otherwise : text_escape(arena, text, length);
}

static const char *value_text(struct arena *arena, const struct line_value *value)
{
	const char *text = line_text(arena, value);

	if (text == NULL) /* a list or the like */
		return shown(arena, value->bytes, value->length, "");
	return shown(arena, text, strlen(text), "");
}

static void print_head(struct arena *arena, const struct log_event *event, bool first)
{
	const struct line_fields *fields = event->fields;
	const char *time = log_words_time(arena, line_time(&fields->time));
	bool failed = line_is(&fields->res, "failed");

	printf("%s%s%s  %s%s", first ? "" : "\n", colour(COLOUR_BOLD),
		time != NULL ? time : value_text(arena, &fields->time),
		value_text(arena, &fields->op), colour(COLOUR_NONE));
	if (fields->res.kind != LINE_ABSENT)
		printf("  %s%s%s", failed ? colour(COLOUR_RED) : "",
			value_text(arena, &fields->res), failed ? colour(COLOUR_NONE) : "");
	putchar('\n');
}

static bool is_same(const struct line_value *one, const struct line_value *other)
{
	return one->length == other->length && memcmp(one->bytes, other->bytes, one->length) == 0;
}

/* What the event says of it; LINE_ABSENT: nothing. */
static struct line_value said_of(const char *event, const struct line_value *name)
{
	struct line line = line_start(event, strlen(event));
	struct line_value other, was;

	while (line_next(&line, &other, &was) == 1)
		if (is_same(&other, name))
			return was;
	return (struct line_value){.kind = LINE_ABSENT};
}

/* What was decided is what counts: what has changed since is said. */
static bool is_said(
	const struct log_said *said, const struct line_value *name, const struct line_value *value)
{
	const char *const events[] = {said->decided, said->first};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct line_value was = {.kind = LINE_ABSENT};

		if (events[i] != NULL)
			was = said_of(events[i], name);
		if (was.kind != LINE_ABSENT)
			return was.kind == value->kind && is_same(&was, value);
	}
	return false;
}

static void print_members(
	struct arena *arena, const struct log_event *event, const struct log_said *said)
{
	struct line line = line_start(event->text, event->length);
	struct line_value name, value;

	while (line_next(&line, &name, &value) == 1)
		if (!is_left_out(&name) &&
			(line_is(&name, "req") || said == NULL || !is_said(said, &name, &value)))
			printf("  %-*s  %s\n", NAME_WIDTH,
				shown(arena, name.bytes, name.length, ""),
				value_text(arena, &value));
}

static void keep(struct log_full *full, const char *request, const struct log_event *event)
{
	struct log_said *said = table_get(&full->requests, request);
	bool decided =
		line_is(&event->fields->op, "decision") || line_is(&event->fields->op, "check");
	const char *text;

	if (said != NULL && (said->decided != NULL || !decided))
		return;
	text = arena_strndup(full->arena, event->text, event->length);
	if (said == NULL) {
		said = arena_alloc(full->arena, sizeof(*said));
		*said = (struct log_said){.first = text};
		table_put(full->arena, &full->requests, arena_strdup(full->arena, request), said);
	}
	if (decided)
		said->decided = text;
}

int log_full_print(void *context, const struct log_event *event)
{
	struct log_full *full = context;
	struct arena *arena = arena_new();
	const char *request = line_text(arena, &event->fields->req);
	const struct log_said *said = request == NULL ? NULL : table_get(&full->requests, request);

	log_words_progress_end();
	print_head(arena, event, !full->begun);
	print_members(arena, event, said);
	full->begun = true;
	if (request != NULL)
		keep(full, request, event);
	arena_free(arena);
	return ferror(stdout) ? 1 : 0;
}
