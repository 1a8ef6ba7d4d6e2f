/* Strict: what is written twice, for another verb, or not quite right is refused with a sentence.
 */
#include "approval/verb_words.h"

#include <string.h>

#include "base/amount.h"
#include "base/text.h"

enum { DIGITS_MAX = 15 };

struct parsing {
	struct arena *arena;
	struct verb_words *parsed;
	const char *complaint;
	unsigned given; /* bit of each option that was */
};

static int fail(struct parsing *parsing, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(struct parsing *parsing, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	parsing->complaint = arena_vprintf(parsing->arena, format, arguments);
	va_end(arguments);
	return -1;
}

static const char *escaped(const struct parsing *parsing, const char *text)
{
	return text_escape(parsing->arena, text, strnlen(text, 200));
}

/* The digits at the start of `text`, no zero in front; *rest is what follows. 0: none, too many. */
static unsigned long read_digits(const char *text, const char **rest)
{
	size_t length = strspn(text, "0123456789");
	unsigned long number = 0;

	*rest = text + length;
	if (length == 0 || length > DIGITS_MAX || text[0] == '0')
		return 0;
	for (size_t i = 0; i < length; i++)
		number = number * 10 + (unsigned long)(text[i] - '0');
	return number;
}

unsigned long verb_words_number(const char *text)
{
	const char *rest;
	unsigned long number = read_digits(text, &rest);

	return *rest == '\0' ? number : 0;
}

time_t verb_words_duration(const char *text)
{
	uint64_t seconds;

	return amount_parse(text, amount_times, APPROVAL_LASTS_MAX, &seconds) ? (time_t)seconds : 0;
}

static int take_for(struct parsing *parsing, const char *value)
{
	parsing->parsed->decision.lasts = verb_words_duration(value);
	return parsing->parsed->decision.lasts > 0 ? 0
						   : fail(parsing,
							     "--for \"%s\" is no time; expected a "
							     "number and s, m, h or d, as in 8h, "
							     "and 366d at the most",
							     escaped(parsing, value));
}

static int take_reason(struct parsing *parsing, const char *value)
{
	size_t length = strlen(value), refused = text_refused(value, length);

	if (refused != length)
		return fail(parsing, "the reason has a byte that no text may have, at position %zu",
			refused + 1);
	if (value[strspn(value, " ")] == '\0' || length > APPROVAL_REASON_MAX)
		return fail(parsing, "a reason has 1 to %d bytes, and not blanks alone",
			APPROVAL_REASON_MAX);
	parsing->parsed->decision.reason = value;
	return 0;
}

static int take_role(struct parsing *parsing, const char *value)
{
	if (!text_is_name(value))
		return fail(parsing, "\"%s\" is no name of a role", escaped(parsing, value));
	parsing->parsed->decision.role = value;
	return 0;
}

static int take_state(struct parsing *parsing, const char *value)
{
	for (int state = APPROVAL_PENDING; state < APPROVAL_STATES; state++)
		if (strcmp(approval_state_name((enum approval_state)state), value) == 0) {
			parsing->parsed->state = (enum approval_state)state;
			return 0;
		}
	return fail(parsing,
		"\"%s\" is no state; expected pending, approved, rejected, revoked, expired or "
		"used",
		escaped(parsing, value));
}

static int take_before(struct parsing *parsing, const char *value)
{
	parsing->parsed->before = verb_words_number(value);
	return parsing->parsed->before > 0
		       ? 0
		       : fail(parsing, "\"%s\" is no number of an entry", escaped(parsing, value));
}

static int take_limit(struct parsing *parsing, const char *value)
{
	parsing->parsed->limit = verb_words_number(value);
	return parsing->parsed->limit > 0 && parsing->parsed->limit <= VERB_LIMIT_MAX
		       ? 0
		       : fail(parsing, "--limit is a number from 1 to %d", VERB_LIMIT_MAX);
}

static int take_once(struct parsing *parsing, const char *value)
{
	(void)value;
	parsing->parsed->decision.once = true;
	return 0;
}

static int take_caller(struct parsing *parsing, const char *value)
{
	(void)value;
	parsing->parsed->decision.as_caller_only = true;
	return 0;
}

static int take_all(struct parsing *parsing, const char *value)
{
	(void)value;
	parsing->parsed->state = APPROVAL_NONE;
	return 0;
}

static int take_json(struct parsing *parsing, const char *value)
{
	(void)value;
	parsing->parsed->json = true;
	return 0;
}

#define LIST (1U << VERB_LIST)
#define APPROVES (1U << VERB_APPROVE)
#define DECIDES (APPROVES | 1U << VERB_REJECT | 1U << VERB_REVOKE)
#define EVERY (DECIDES | LIST | 1U << VERB_SHOW)

static const struct option {
	const char *name;
	bool has_value;
	unsigned verbs; /* 1 << enum verb_kind; it is refused for the others (R7) */
	int (*take)(struct parsing *parsing, const char *value);
} options[] = {
	{"--all", false, LIST, take_all},
	{"--state", true, LIST, take_state},
	{"--before", true, LIST, take_before},
	{"--limit", true, LIST, take_limit},
	{"--for", true, APPROVES, take_for},
	{"--once", false, APPROVES, take_once},
	{"--role", true, APPROVES, take_role},
	{"--as-caller-only", false, APPROVES, take_caller},
	{"--reason", true, DECIDES, take_reason},
	{"--json", false, EVERY, take_json},
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]), OPTION_ALL = 0, OPTION_STATE = 1 };

static const struct option *find_option(const char *word, const char **value)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		size_t length = strlen(options[i].name);

		if (strncmp(word, options[i].name, length) != 0)
			continue;
		*value = word[length] == '=' ? word + length + 1 : NULL;
		if (word[length] == '\0' || *value != NULL)
			return &options[i];
	}
	return NULL;
}

/* The option at `*at`, and its value, which may be the next word. */
static int take_option(struct parsing *parsing, const struct strings *words, size_t *at)
{
	const char *value = NULL;
	const struct option *option = find_option(words->items[*at], &value);
	unsigned bit;

	if (option == NULL || (option->verbs & 1U << parsing->parsed->kind) == 0)
		return fail(parsing, "%s has no option \"%s\"", words->items[0],
			escaped(parsing, words->items[*at]));
	bit = 1U << (option - options);
	if (parsing->given & bit)
		return fail(parsing, "%s is there twice", option->name);
	parsing->given |= bit;
	if (!option->has_value && value != NULL)
		return fail(parsing, "%s takes no value", option->name);
	if (option->has_value && value == NULL) {
		if (*at + 1 == words->count)
			return fail(parsing, "%s needs a value", option->name);
		value = words->items[++*at];
	}
	return option->take(parsing, value);
}

static int take_number(struct parsing *parsing, const char *word)
{
	if (parsing->parsed->decision.number != 0)
		return fail(parsing, "\"%s\" is one word too many", escaped(parsing, word));
	parsing->parsed->decision.number = verb_words_number(word);
	return parsing->parsed->decision.number > 0
		       ? 0
		       : fail(parsing, "\"%s\" is no number of an entry", escaped(parsing, word));
}

static int find_kind(struct parsing *parsing, const struct strings *words, size_t *at)
{
	static const char *const names[] = {[VERB_LIST] = "pending",
		[VERB_APPROVE] = "approve",
		[VERB_REJECT] = "reject",
		[VERB_REVOKE] = "revoke"};

	if (words->count == 0)
		return fail(parsing, "expected pending, approve, reject or revoke");
	for (int kind = VERB_LIST; kind <= VERB_REVOKE; kind++)
		if (names[kind] != NULL && strcmp(names[kind], words->items[0]) == 0)
			parsing->parsed->kind = (enum verb_kind)kind;
	*at = 1;
	if (parsing->parsed->kind == VERB_LIST && words->count > 1 &&
		strcmp(words->items[1], "show") == 0) {
		parsing->parsed->kind = VERB_SHOW;
		*at = 2;
	}
	return parsing->parsed->kind != 0
		       ? 0
		       : fail(parsing, "\"%s\" is none of pending, approve, reject and revoke",
				 escaped(parsing, words->items[0]));
}

static int check_whole(struct parsing *parsing, const char *verb)
{
	const struct verb_words *parsed = parsing->parsed;
	const struct approval_decision *decision = &parsed->decision;

	if (parsed->kind == VERB_LIST && decision->number > 0)
		return fail(parsing, "pending takes no number: pending show %lu", decision->number);
	if (parsed->kind != VERB_LIST && decision->number == 0)
		return fail(parsing, "%s needs the number of an entry",
			parsed->kind == VERB_SHOW ? "pending show" : verb);
	if (parsed->kind >= VERB_APPROVE && decision->reason == NULL)
		return fail(parsing, "%s needs --reason TEXT", verb);
	if (decision->role != NULL && (decision->lasts > 0 || decision->once))
		return fail(parsing,
			"a role holds for good: --role goes with neither --for nor --once");
	if ((parsing->given & 1U << OPTION_ALL) && (parsing->given & 1U << OPTION_STATE))
		return fail(parsing, "--all and --state exclude each other");
	return 0;
}

static int parse(struct parsing *parsing, const struct strings *words)
{
	size_t at = 0;

	if (find_kind(parsing, words, &at) < 0)
		return -1;
	parsing->parsed->decision.reject = parsing->parsed->kind == VERB_REJECT;
	parsing->parsed->decision.revoke = parsing->parsed->kind == VERB_REVOKE;
	for (; at < words->count; at++)
		if ((words->items[at][0] == '-' ? take_option(parsing, words, &at)
						: take_number(parsing, words->items[at])) < 0)
			return -1;
	return check_whole(parsing, words->items[0]);
}

int verb_words_parse(struct arena *arena, const struct strings *words, struct verb_words *parsed,
	const char **complaint)
{
	struct parsing parsing = {.arena = arena, .parsed = parsed};
	int result;

	*parsed = (struct verb_words){.state = APPROVAL_PENDING, .limit = VERB_LIMIT_DEFAULT};
	result = parse(&parsing, words);
	*complaint = parsing.complaint;
	return result;
}
