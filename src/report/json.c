/* What the page shows, as data: contrib/schema/report.schema.json. */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "report/report.h"

enum {
	DAY = 24 * 60 * 60,
	DATE_LENGTH = sizeof("2026-11-29") - 1,
	TIME_LENGTH = sizeof("2026-11-29T08:00:00Z") - 1
};

/* The log has what people typed, and a damaged one anything. */
static json_t *text(struct arena *arena, const char *value)
{
	json_t *string;

	if (value == NULL)
		return json_null();
	string = json_string(value);
	return string != NULL ? string : json_string(text_escape(arena, value, strlen(value)));
}

static json_t *list(struct arena *arena, const struct strings *names)
{
	json_t *array = json_array();

	for (size_t i = 0; i < names->count; i++)
		json_array_append_new(array, text(arena, names->items[i]));
	return array;
}

/* null: never, or no limit. */
static json_t *when(int64_t milliseconds, size_t length)
{
	time_t seconds = (time_t)(milliseconds / 1000);
	char bytes[32];
	struct tm parts;

	if (milliseconds == 0 || gmtime_r(&seconds, &parts) == NULL ||
		strftime(bytes, sizeof(bytes), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		return json_null();
	return json_stringn(bytes, length);
}

static json_t *at(int64_t milliseconds)
{
	return when(milliseconds, TIME_LENGTH);
}

static json_t *days(const struct report *report)
{
	json_t *runs = json_array(), *refused = json_array();

	for (size_t i = 0; i < report->day_count; i++) {
		json_array_append_new(runs, json_integer(report->days[i].allowed));
		json_array_append_new(refused, json_integer(report->days[i].refused));
	}
	return json_pack("{s:o, s:o, s:o}", "first",
		when(report->day_count == 0 ? 0 : report->first_day * DAY * 1000, DATE_LENGTH),
		"runs", runs, "refused", refused);
}

static json_t *person(struct arena *arena, const struct report_endpoint *place,
	const struct report_person *someone)
{
	json_t *may = json_array();

	for (size_t i = 0; i < place->column_count; i++) {
		const struct report_cell *cell = &someone->cells[i];

		if (cell->roles.count > 0)
			json_array_append_new(may,
				json_pack("{s:o, s:o, s:I, s:o}", "command",
					text(arena, place->columns[i]->name), "roles",
					list(arena, &cell->roles), "runs",
					(json_int_t)cell->use.runs, "last", at(cell->use.last)));
	}
	return json_pack("{s:o, s:o, s:o}", "user", text(arena, someone->name), "roles",
		list(arena, &someone->roles), "may", may);
}

static json_t *endpoints(struct arena *arena, const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->endpoint_count; i++) {
		const struct report_endpoint *place = &report->endpoints[i];
		json_t *people = json_array();

		for (size_t j = 0; j < place->person_count; j++)
			json_array_append_new(people, person(arena, place, &place->people[j]));
		json_array_append_new(
			array, json_pack("{s:s, s:o, s:o, s:o}", "endpoint", place->endpoint->name,
				       "people", people, "unknown", list(arena, &place->unknown),
				       "former", list(arena, &place->former)));
	}
	return array;
}

static json_t *commands(struct arena *arena, const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->command_count; i++)
		json_array_append_new(array, json_pack("{s:o, s:I, s:o}", "command",
						     text(arena, report->commands[i]->name), "runs",
						     (json_int_t)report->commands[i]->use.runs,
						     "last", at(report->commands[i]->use.last)));
	return array;
}

static json_t *reasons(struct arena *arena, const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->reason_count; i++)
		json_array_append_new(array, json_pack("{s:o, s:I, s:o}", "reason",
						     text(arena, report->reasons[i]->reason),
						     "count", (json_int_t)report->reasons[i]->count,
						     "last", at(report->reasons[i]->last)));
	return array;
}

static json_t *refusals(struct arena *arena, const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->refusal_count; i++) {
		const struct report_refusal *refusal = report->refusals[i];

		json_array_append_new(array,
			json_pack("{s:o, s:o, s:o, s:o, s:I, s:o}", "user",
				text(arena, refusal->user), "endpoint",
				text(arena, refusal->endpoint), "words",
				text(arena, refusal->words), "reason", text(arena, refusal->reason),
				"count", (json_int_t)refusal->count, "last", at(refusal->last)));
	}
	return array;
}

static json_t *unused(struct arena *arena, const struct report *report)
{
	struct report_unused *items;
	size_t count = report_unused(arena, report, &items);
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array,
			json_pack("{s:s, s:s, s:s, s:o, s:o, s:i}", "role", items[i].role,
				"command", items[i].command->name, "endpoint",
				items[i].endpoint->name, "people", list(arena, &items[i].holders),
				"file", text(arena, items[i].source.file), "line",
				(int)items[i].source.line));
	return array;
}

static json_t *risks(struct arena *arena, const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->endpoint_count; i++) {
		const struct report_endpoint *place = &report->endpoints[i];

		for (size_t j = 0; j < place->column_count; j++) {
			struct strings why = report_risks(
				arena, report->policy, place->endpoint, place->columns[j]);
			struct strings people = report_who_may(arena, place, j);

			if (why.count > 0)
				json_array_append_new(array,
					json_pack("{s:s, s:s, s:o, s:o}", "command",
						place->columns[j]->name, "endpoint",
						place->endpoint->name, "why", list(arena, &why),
						"people", list(arena, &people)));
		}
	}
	return array;
}

static json_t *warnings(struct arena *arena, const struct problems *problems)
{
	json_t *array = json_array();

	for (size_t i = 0; problems != NULL && i < problems->count; i++)
		json_array_append_new(array,
			json_pack("{s:o, s:i, s:o}", "file", text(arena, problems->items[i].file),
				"line", (int)problems->items[i].line, "message",
				text(arena, problems->items[i].text)));
	return array;
}

static json_t *approvals(struct arena *arena, const struct report *report)
{
	unsigned long count = report->approval_count, shown = count;
	json_t *array = json_array();

	if (shown > REPORT_APPROVALS_MAX)
		shown = REPORT_APPROVALS_MAX;
	for (unsigned long i = 0; i < shown; i++) {
		const struct report_approval *approval =
			&report->approvals[(count - 1 - i) % REPORT_APPROVALS_MAX];

		json_array_append_new(array,
			json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "time",
				at(approval->time), "number", (json_int_t)approval->number, "edge",
				text(arena, approval->edge), "state", text(arena, approval->state),
				"user", text(arena, approval->user), "words",
				text(arena, approval->words), "terms", text(arena, approval->terms),
				"detail", text(arena, approval->detail), "script",
				text(arena, approval->script), "success", approval->success));
	}
	return array;
}

static json_t *acts(struct arena *arena, const struct report *report)
{
	unsigned long count = report->act_count, shown = count;
	json_t *array = json_array();

	if (shown > REPORT_ACTS_MAX)
		shown = REPORT_ACTS_MAX;
	for (unsigned long i = 0; i < shown; i++) {
		const struct report_act *act = &report->acts[(count - 1 - i) % REPORT_ACTS_MAX];

		json_array_append_new(array,
			json_pack("{s:o, s:o, s:o, s:o, s:b}", "time", at(act->time), "operation",
				text(arena, act->operation), "user", text(arena, act->user),
				"about", text(arena, act->about), "success", act->success));
	}
	return array;
}

static json_t *all(struct arena *arena, const struct report *report)
{
	char host[256] = "";
	json_t *object;

	(void)gethostname(host, sizeof(host) - 1);
	object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:I, s:I, s:I, s:I, s:o}", "host",
		text(arena, host), "made", at(report->now), "since",
		at(report->since != 0 ? report->since : report->first), "until",
		at(report->until != 0 ? report->until : report->now), "configuration",
		text(arena, report->directory), "sha256", report->policy->digest, "events",
		(json_int_t)report->events, "runs", (json_int_t)report->runs, "refused",
		(json_int_t)report->refused, "unreadable", (json_int_t)report->unreadable, "days",
		days(report));
	json_object_set_new(object, "endpoints", endpoints(arena, report));
	json_object_set_new(object, "commands", commands(arena, report));
	json_object_set_new(object, "reasons", reasons(arena, report));
	json_object_set_new(object, "refusals", refusals(arena, report));
	json_object_set_new(
		object, "other_refusals", json_integer((json_int_t)report->other_refusals));
	json_object_set_new(object, "unrecorded", json_integer((json_int_t)report->unrecorded));
	json_object_set_new(object, "unused", unused(arena, report));
	json_object_set_new(object, "risks", risks(arena, report));
	json_object_set_new(object, "warnings", warnings(arena, report->warnings));
	json_object_set_new(object, "approvals", approvals(arena, report));
	json_object_set_new(object, "acts", acts(arena, report));
	return object;
}

int report_json(const struct report *report, FILE *to)
{
	struct arena *arena = arena_new();
	json_t *object = all(arena, report);
	int result = object == NULL ? -1 : json_dumpf(object, to, JSON_COMPACT | JSON_ENSURE_ASCII);

	json_decref(object);
	arena_free(arena);
	if (result == 0)
		(void)fputc('\n', to);
	else if (errno == 0)
		errno = ENOMEM;
	return result == 0 && fflush(to) == 0 && !ferror(to) ? 0 : -1;
}
