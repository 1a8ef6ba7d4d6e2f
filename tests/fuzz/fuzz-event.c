/* Any bytes as a line of the event log: what is found in it is in it, and jansson reads the same.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "record/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_value(
	struct arena *arena, const struct line_value *value, const char *bytes, size_t size)
{
	char *text = line_text(arena, value);

	check((value->kind == LINE_STRING || value->kind == LINE_NUMBER) == (text != NULL));
	if (value->kind == LINE_ABSENT)
		return;
	check(value->bytes >= bytes && value->length <= size &&
		value->bytes + value->length <= bytes + size);
	check(text == NULL || strlen(text) <= 4 * value->length);
	(void)line_number(value, 0);
	(void)line_time(value);
	if (text != NULL && value->kind == LINE_STRING && strstr(text, "\\x00") == NULL)
		check(line_is(value, text));
}

/* Where both take a line, they take it for the same. */
static void check_against_jansson(struct arena *arena, const char *bytes, size_t size)
{
	json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
	struct line_fields fields;
	const char *theirs = json_string_value(json_object_get(object, "op"));

	if (object != NULL && line_fields(bytes, size, &fields) == 0 && theirs != NULL &&
		fields.op.kind == LINE_STRING)
		check(strcmp(line_text(arena, &fields.op), theirs) == 0);
	json_decref(object);
}

static void check_questions(const struct line_fields *fields)
{
	const struct log_query queries[] = {{.user = "dana"}, {.role = "web"}, {.command = "a b"},
		{.command = "a*"}, {.request = "abcd"}, {.denied = true}, {.since = 1, .until = 2},
		{.pipeline = "abcd"}, {.session = "0123456789abcdef"}, {.session = "7"},
		{.approval = "7"}, {.reason = "permitted"}};

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		(void)log_matches(&queries[i], fields);
}

static void check_chain(const char *bytes, size_t size)
{
	struct chain chain = chain_start;
	char hash[CHAIN_HASH + 1];
	struct chain_link link;

	if (chain_read(bytes, size, &link) != CHAIN_GOOD)
		return;
	check(link.sequence > 0 && link.body < size && chain_hash(bytes, size, hash) == 0);
	if (chain_check(&chain, bytes, size, &link) == CHAIN_GOOD)
		check(strcmp(hash, link.hash) == 0 && chain.next == 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *bytes = (const char *)data;
	struct line line = line_start(bytes, size);
	struct line_value name, value;
	struct line_fields fields;

	while (line_next(&line, &name, &value) == 1) {
		check_value(arena, &name, bytes, size);
		check_value(arena, &value, bytes, size);
	}
	(void)line_fields(bytes, size, &fields);
	check_value(arena, &fields.cmd, bytes, size);
	check_questions(&fields);
	check_against_jansson(arena, bytes, size);
	check_chain(bytes, size);
	arena_free(arena);
	return 0;
}
