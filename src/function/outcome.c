#include "function/outcome.h"

#include <string.h>

#include "base/text.h"

/* What did not go well keeps a place where everything else would have filled it. */
enum {
	RESERVED_LINES = OUTCOME_LINES_MAX / 10,
	RESERVED_BYTES = OUTCOME_BYTES_MAX / 10,
	EXCERPT_MAX = 200, /* bytes of a line that is none */
};

static const char *const type_names[] = {"", "success", "warning", "error", "invalid"};

void outcome_begin(struct outcome *outcome, struct arena *arena, const struct command *command)
{
	*outcome = (struct outcome){.arena = arena, .command = command};
	outcome->partial = arena_alloc(arena, OUTCOME_LINE_MAX);
}

static bool has_room(const struct outcome *outcome, enum outcome_type type, size_t length)
{
	bool bad = type == OUTCOME_ERROR || type == OUTCOME_INVALID;
	size_t lines = OUTCOME_LINES_MAX - (bad ? 0 : RESERVED_LINES);
	size_t bytes = OUTCOME_BYTES_MAX - (bad ? 0 : RESERVED_BYTES);

	return outcome->count < lines && outcome->bytes + length <= bytes;
}

static void append(struct outcome *outcome, const struct outcome_line *line)
{
	outcome->lines =
		arena_grow(outcome->arena, outcome->lines, outcome->count, sizeof(*outcome->lines));
	outcome->lines[outcome->count++] = *line;
}

void outcome_say(struct outcome *outcome, enum outcome_type type, const char *text)
{
	append(outcome, &(struct outcome_line){.type = type, .text = text, .own = true});
}

/* Counted for the result even where there is no room to keep it. */
static void add(struct outcome *outcome, enum outcome_type type, const char *input,
	const char *text, size_t length)
{
	size_t size = length + (input == NULL ? 0 : strlen(input));
	outcome->has_error = outcome->has_error || type == OUTCOME_ERROR;
	outcome->has_invalid = outcome->has_invalid || type == OUTCOME_INVALID;
	if (!has_room(outcome, type, size)) {
		outcome->truncated = true;
		return;
	}
	outcome->bytes += size;
	append(outcome, &(struct outcome_line){.type = type,
				.input = input,
				.text = arena_strndup(outcome->arena, text, length)});
}

static void add_malformed(struct outcome *outcome, const char *why, const char *line, size_t length)
{
	size_t shown = length < EXCERPT_MAX ? length : EXCERPT_MAX;
	char *text;

	if (!has_room(outcome, OUTCOME_ERROR, 5 * EXCERPT_MAX)) {
		outcome->has_error = outcome->truncated = true;
		return;
	}
	while (shown < length && shown > 0 && ((unsigned char)line[shown] & 0xc0) == 0x80)
		shown--;
	text = arena_printf(outcome->arena, "%s: \"%s%s\"", why,
		text_escape(outcome->arena, line, shown), shown < length ? "..." : "");
	add(outcome, OUTCOME_ERROR, NULL, text, strlen(text));
}

/* The declared input of that name, or NULL. */
static const char *find_input(const struct command *command, const char *name, size_t length)
{
	for (size_t i = 0; command != NULL && i < command->parameters.count; i++) {
		const char *input = command->parameters.items[i].name;

		if (strlen(input) == length && memcmp(input, name, length) == 0)
			return input;
	}
	return NULL;
}

static size_t word_length(const char *line, size_t length)
{
	const char *blank = memchr(line, ' ', length);

	return blank == NULL ? length : (size_t)(blank - line);
}

static enum outcome_type type_of(const char *word, size_t length)
{
	for (enum outcome_type type = OUTCOME_SUCCESS; type <= OUTCOME_INVALID; type++)
		if (strlen(type_names[type]) == length &&
			memcmp(type_names[type], word, length) == 0)
			return type;
	return 0;
}

/* Whoever shows it escapes control bytes (R32); what is no text at all is escaped here. */
static void add_text(struct outcome *outcome, enum outcome_type type, const char *input,
	const char *text, size_t length)
{
	const char *escaped;

	if (text_is_utf8(text, length) && memchr(text, '\0', length) == NULL) {
		add(outcome, type, input, text, length);
		return;
	}
	if (!has_room(outcome, type, 5 * length)) {
		add(outcome, type, input, text, OUTCOME_BYTES_MAX); /* no room: not kept */
		return;
	}
	escaped = text_escape(outcome->arena, text, length);
	add(outcome, type, input, escaped, strlen(escaped));
}

static void add_line(struct outcome *outcome, const char *line, size_t length)
{
	size_t word = word_length(line, length), rest = word + (word < length);
	enum outcome_type type = type_of(line, word);
	const char *input = NULL;

	if (type == OUTCOME_INVALID) {
		const char *name = line + rest;
		size_t size = word_length(name, length - rest);

		input = find_input(outcome->command, name, size);
		rest += size + (rest + size < length);
		if (input == NULL) {
			add_malformed(outcome,
				"the function calls an input invalid that it has not", line,
				length);
			return;
		}
	}
	if (type == 0 || rest >= length)
		add_malformed(outcome, "the function wrote a line that has no type or no text",
			line, length);
	else
		add_text(outcome, type, input, line + rest, length - rest);
}

/* Without the half of a character that the limit has cut. */
static size_t whole_characters(const char *line, size_t length)
{
	size_t back = 1;

	while (back < 4 && back < length && ((unsigned char)line[length - back] & 0xc0) == 0x80)
		back++;
	if (back <= length && text_is_utf8(line + length - back, back))
		return length;
	return ((unsigned char)line[length - back] & 0xc0) == 0xc0 ? length - back : length;
}

static void end_line(struct outcome *outcome)
{
	size_t length = outcome->partial_length;

	if (outcome->cut)
		length = whole_characters(outcome->partial, length);
	add_line(outcome, outcome->partial, length);
	outcome->partial_length = 0;
	outcome->cut = outcome->begun = false;
}

void outcome_feed(struct outcome *outcome, const char *bytes, size_t length)
{
	while (length > 0) {
		const char *newline = memchr(bytes, '\n', length);
		size_t part = newline == NULL ? length : (size_t)(newline - bytes);
		size_t room = OUTCOME_LINE_MAX - outcome->partial_length;
		size_t kept = part < room ? part : room;

		memcpy(outcome->partial + outcome->partial_length, bytes, kept);
		outcome->partial_length += kept;
		outcome->begun = true;
		if (kept < part)
			outcome->cut = outcome->truncated = true;
		if (newline == NULL)
			return;
		end_line(outcome);
		bytes = newline + 1;
		length -= part + 1;
	}
}

void outcome_end(struct outcome *outcome)
{
	if (outcome->begun)
		end_line(outcome);
}

enum outcome_result outcome_result(const struct outcome *outcome, int status)
{
	if (status < 0 || outcome->has_error)
		return OUTCOME_FAILED;
	if (outcome->has_invalid)
		return OUTCOME_INVALID_INPUT;
	return status == 0 ? OUTCOME_SUCCEEDED : OUTCOME_FAILED;
}

const char *outcome_result_name(enum outcome_result result)
{
	static const char *const names[] = {"error", "invalid-input", "success"};

	return names[result];
}

const char *outcome_type_name(enum outcome_type type)
{
	return type_names[type];
}
