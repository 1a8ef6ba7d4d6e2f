#include "approval/danger.h"

#include <stdint.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/text.h"

enum {
	MATCH_LIMIT = 200000,	    /* steps of one match */
	LINE_LOOKED_AT = 16 * 1024, /* bytes; of a longer one the rest is not */
};

struct search {
	struct arena *arena;
	struct danger danger;
	pcre2_code **codes; /* by danger_patterns; NULL: none */
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

static void add(struct search *search, size_t line, const char *why)
{
	struct danger *danger = &search->danger;
	struct danger_finding *last = NULL;
	size_t same = 0;

	for (size_t i = danger->count; i > 0; i--) {
		struct danger_finding *finding = &danger->findings[i - 1];

		if (strcmp(finding->why, why) != 0)
			continue;
		last = last == NULL ? finding : last;
		same++;
	}
	if (last != NULL && (last->line == line || (last->more > 0 && last->until == line)))
		return;
	danger->total++;
	if (same >= DANGER_SAME_MAX) {
		last->more++;
		last->until = line;
		return;
	}
	danger->findings = arena_grow(
		search->arena, danger->findings, danger->count, sizeof(*danger->findings));
	danger->findings[danger->count++] = (struct danger_finding){.line = line, .why = why};
}

static void begin(struct search *search, struct arena *arena)
{
	*search = (struct search){.arena = arena};
	search->codes = arena_array(arena, danger_pattern_count, sizeof(search->codes[0]));
	for (size_t i = 0; i < danger_pattern_count; i++) {
		int error;
		PCRE2_SIZE offset;

		search->codes[i] = pcre2_compile((PCRE2_SPTR)danger_patterns[i].pattern,
			PCRE2_ZERO_TERMINATED, 0, &error, &offset, NULL);
	}
	search->match = pcre2_match_data_create(1, NULL);
	search->limits = pcre2_match_context_create(NULL);
	if (search->limits != NULL)
		pcre2_set_match_limit(search->limits, MATCH_LIMIT);
}

static struct danger end(struct search *search)
{
	for (size_t i = 0; i < danger_pattern_count; i++)
		pcre2_code_free(search->codes[i]);
	pcre2_match_data_free(search->match);
	pcre2_match_context_free(search->limits);
	return search->danger;
}

/* Continued lines become one, tabs and rows of up to 29 blanks become one blank. */
static size_t join(struct arena *arena, const char *from, char **joined, size_t *taken)
{
	size_t length = strcspn(from, "\n"), used = 0, blanks = 0;
	char *text;

	while (length > 0 && from[length] == '\n' && length < LINE_LOOKED_AT &&
		(strchr("\\|", from[length - 1]) != NULL))
		length += 1 + strcspn(from + length + 1, "\n");
	*taken = length;
	text = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < length; i++) {
		bool blank = strchr(" \t\n\r", from[i]) != NULL ||
			     (from[i] == '\\' && from[i + 1] == '\n');

		blanks = blank ? blanks + 1 : 0;
		if (blanks == 30) { /* a gap is to be seen */
			memset(text + used, ' ', 29);
			used += 29;
		} else if (!blank || blanks == 1) {
			text[used++] = blank ? ' ' : from[i];
		}
	}
	*joined = text;
	return used;
}

static void match_patterns(struct search *search, size_t line, const char *text, size_t length)
{
	if (length > LINE_LOOKED_AT) {
		add(search, line, "is so long that its end was not looked at");
		length = LINE_LOOKED_AT;
	}
	for (size_t i = 0; i < danger_pattern_count; i++) {
		int result = search->codes[i] == NULL || search->match == NULL
				     ? PCRE2_ERROR_NOMEMORY
				     : pcre2_match(search->codes[i], (PCRE2_SPTR)text, length, 0, 0,
					       search->match, search->limits);

		if (result >= 0)
			add(search, line, danger_patterns[i].why);
		else if (result != PCRE2_ERROR_NOMATCH)
			add(search, line, "is too involved to be looked through");
	}
}

/* Letters of these look like Latin ones: Greek, Cyrillic, Armenian, mathematical, full width. */
static bool is_lookalike(const unsigned char *at)
{
	static const struct {
		unsigned first, last;
	} ranges[] = {{0x370, 0x3ff}, {0x400, 0x52f}, {0x530, 0x58f}, {0x13a0, 0x13ff},
		{0x2100, 0x214f}, {0x2cc0, 0x2cff}, {0xa4d0, 0xa4ff}, {0xff00, 0xffef},
		{0x1d400, 0x1d7ff}};
	unsigned point = at[0] < 0xe0 ? (at[0] & 0x1fU) << 6 | (at[1] & 0x3fU)
			 : at[0] < 0xf0
				 ? (at[0] & 0xfU) << 12 | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU)
				 : (at[0] & 7U) << 18 | (at[1] & 0x3fU) << 12 |
					   (at[2] & 0x3fU) << 6 | (at[3] & 0x3fU);

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

/* Up to a "#" that begins a word. */
static size_t code_length(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
			return i;
	return length;
}

static void check_letters(struct search *search, size_t number, const char *line, size_t length)
{
	bool foreign = false;

	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)line[i] < 0xc0)
			continue;
		foreign = true;
		if (is_lookalike((const unsigned char *)line + i)) {
			add(search, number,
				"has letters that look like Latin ones, and are others");
			return;
		}
	}
	if (foreign)
		add(search, number, "has letters other than ASCII outside a comment");
}

static bool has_hidden(struct arena *arena, const char *line, size_t length)
{
	char *text = arena_strndup(arena, line, length);

	for (char *tab = text; (tab = strchr(tab, '\t')) != NULL;)
		*tab = ' ';
	return strcmp(text_escape(arena, text, length), text) != 0;
}

/* `line` is UTF-8, without a newline. */
static void check_bytes(struct search *search, size_t number, const char *line, size_t length)
{
	if (length > 0 && line[length - 1] == '\r') {
		add(search, number, "ends with a carriage return");
		length--;
	}
	if (has_hidden(search->arena, line, length))
		add(search, number,
			"has characters that are not shown, or that change how others are shown");
	if (!text_is_utf8(line, length))
		return;
	check_letters(search, number, line, code_length(line, length));
	if (length > DANGER_LINE_LONG)
		add(search, number, "is very long");
}

struct danger danger_find(struct arena *arena, const char *text)
{
	struct search search;
	size_t number = 0, until = 0;

	begin(&search, arena);
	for (const char *line = text; *line != '\0';) {
		size_t length = strcspn(line, "\n"), taken, joined_length;
		char *joined;

		number++;
		check_bytes(&search, number, line, length);
		if (line >= text + until) {
			joined_length = join(arena, line, &joined, &taken);
			until = (size_t)(line - text) + taken;
			match_patterns(&search, number, joined, joined_length);
		}
		line += length + (line[length] == '\n');
	}
	return end(&search);
}

struct danger danger_find_words(struct arena *arena, const struct strings *words)
{
	char *line = strings_join(arena, words, " "), *joined;
	struct search search;
	size_t taken, length;

	begin(&search, arena);
	for (char *at = line; (at = strchr(at, '\n')) != NULL;)
		*at = ' ';
	length = join(arena, line, &joined, &taken);
	match_patterns(&search, 0, joined, length);
	for (size_t i = 0; i < words->count; i++)
		check_bytes(&search, i + 1, words->items[i], strlen(words->items[i]));
	return end(&search);
}
