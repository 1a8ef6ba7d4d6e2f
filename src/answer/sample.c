/*
 * PCRE2's syntax (pcre2pattern(3)) as far as roles use it. A wrong guess costs an example, nothing
 * else.
 */
#include "answer/sample.h"

#include <stdbool.h>
#include <string.h>

#include "base/strings.h"

enum { DEPTH_MAX = 16, LENGTH_MAX = 200, REPEAT_MAX = 64 };

struct sampler {
	struct arena *arena;
	const char *at;
	unsigned variant;
	unsigned depth;
	bool bad;
};

static char *give_up(struct sampler *sampler)
{
	sampler->bad = true;
	return arena_strdup(sampler->arena, "");
}

static char *read_alternatives(struct sampler *sampler);

static char *one(struct sampler *sampler, char byte)
{
	return arena_strndup(sampler->arena, &byte, 1);
}

/* The members of \d and its like, or NULL. */
static const char *class_of(char letter)
{
	switch (letter) {
	case 'd':
		return "0123456789";
	case 'w':
		return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	case 's':
	case 'h':
		return " ";
	default:
		return NULL;
	}
}

static bool is_alphanumeric(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9');
}

static char *read_escape(struct sampler *sampler)
{
	char letter = *sampler->at;

	if (letter == '\0')
		return give_up(sampler);
	sampler->at++;
	if (!is_alphanumeric(letter))
		return one(sampler, letter);
	if (letter == 'd')
		return one(sampler, '1');
	if (class_of(letter) != NULL)
		return one(sampler, class_of(letter)[0]);
	if (letter == 'D' || letter == 'S')
		return one(sampler, 'a');
	if (letter == 'W')
		return one(sampler, '-');
	if (letter == 'b' || letter == 'A' || letter == 'z' || letter == 'Z')
		return arena_strdup(sampler->arena, "");
	return give_up(sampler);
}

static void add_all(bool *members, const char *bytes)
{
	for (; *bytes != '\0'; bytes++)
		members[(unsigned char)*bytes & 0x7f] = true;
}

/* The next member or range of a class. */
static void read_member(struct sampler *sampler, bool *members)
{
	char first = *sampler->at++, last;

	if (first == '[' && (*sampler->at == ':' || *sampler->at == '.')) {
		(void)give_up(sampler);
		return;
	}
	if (first == '\\') {
		first = *sampler->at;
		if (first == '\0' || (is_alphanumeric(first) && class_of(first) == NULL)) {
			(void)give_up(sampler);
			return;
		}
		sampler->at++;
		if (class_of(first) != NULL && is_alphanumeric(first)) {
			add_all(members, class_of(first));
			return;
		}
	}
	last = first;
	if (sampler->at[0] == '-' && sampler->at[1] != ']' && sampler->at[1] != '\0' &&
		sampler->at[1] != '\\') {
		last = sampler->at[1];
		sampler->at += 2;
	}
	for (int byte = (unsigned char)first; byte <= (unsigned char)last && byte < 0x80; byte++)
		members[byte] = true;
}

/* What reads well first. */
static char choose_member(struct sampler *sampler, const bool *members, bool negated)
{
	static const char preferred[] =
		"abcdefghijklmnopqrstuvwxyz1023456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-:/@ ";

	for (const char *byte = preferred; *byte != '\0'; byte++)
		if (members[(unsigned char)*byte] != negated)
			return *byte;
	for (char byte = '!'; byte < 0x7f; byte++)
		if (members[(unsigned char)byte] != negated)
			return byte;
	(void)give_up(sampler);
	return ' ';
}

static char *read_class(struct sampler *sampler)
{
	bool members[0x80] = {false}, negated = *sampler->at == '^';

	sampler->at += negated;
	do {
		if (*sampler->at == '\0')
			return give_up(sampler);
		read_member(sampler, members);
	} while (!sampler->bad && *sampler->at != ']');
	if (sampler->bad)
		return give_up(sampler);
	sampler->at++;
	return one(sampler, choose_member(sampler, members, negated));
}

static char *read_group(struct sampler *sampler)
{
	char *text;

	if (sampler->at[0] == '?' && sampler->at[1] == ':')
		sampler->at += 2;
	else if (sampler->at[0] == '?' || sampler->at[0] == '*')
		return give_up(sampler);
	if (sampler->depth == DEPTH_MAX)
		return give_up(sampler);
	sampler->depth++;
	text = read_alternatives(sampler);
	sampler->depth--;
	if (*sampler->at != ')')
		return give_up(sampler);
	sampler->at++;
	return text;
}

static char *read_atom(struct sampler *sampler)
{
	char byte = *sampler->at++;

	switch (byte) {
	case '(':
		return read_group(sampler);
	case '[':
		return read_class(sampler);
	case '\\':
		return read_escape(sampler);
	case '.':
		return one(sampler, 'x');
	case '^':
	case '$':
		return arena_strdup(sampler->arena, "");
	case '*':
	case '+':
	case '?':
		return give_up(sampler);
	default:
		return one(sampler, byte);
	}
}

static unsigned read_number(struct sampler *sampler)
{
	unsigned number = 0;

	for (; *sampler->at >= '0' && *sampler->at <= '9'; sampler->at++)
		if (number <= REPEAT_MAX)
			number = number * 10 + (unsigned)(*sampler->at - '0');
	return number;
}

/* How often what stands before is to be there. */
static unsigned read_count(struct sampler *sampler)
{
	unsigned least = 1, most = 1;

	switch (*sampler->at) {
	case '?':
	case '*':
		least = 0;
		break;
	case '+':
		break;
	case '{':
		if (sampler->at[1] < '0' || sampler->at[1] > '9')
			return 1;
		sampler->at++;
		least = most = read_number(sampler);
		if (*sampler->at == ',') {
			sampler->at++;
			most = *sampler->at == '}' ? least + 1 : read_number(sampler);
		}
		if (*sampler->at != '}')
			(void)give_up(sampler);
		break;
	default:
		return 1;
	}
	if (!sampler->bad)
		sampler->at++;
	if (*sampler->at == '?' || *sampler->at == '+') /* lazy, possessive */
		sampler->at++;
	return sampler->variant % 2 == 1 && least == 0 && most >= 1 ? 1 : least;
}

static char *read_sequence(struct sampler *sampler)
{
	struct strings parts = {0};
	size_t length = 0;

	while (!sampler->bad && *sampler->at != '\0' && *sampler->at != '|' &&
		*sampler->at != ')') {
		char *atom = read_atom(sampler);
		unsigned count = sampler->bad ? 0 : read_count(sampler);

		if (count > REPEAT_MAX || length + count * strlen(atom) > LENGTH_MAX)
			return give_up(sampler);
		length += count * strlen(atom);
		for (; count > 0; count--)
			strings_add(sampler->arena, &parts, atom);
	}
	return strings_join(sampler->arena, &parts, "");
}

static char *read_alternatives(struct sampler *sampler)
{
	struct strings alternatives = {0};
	size_t wanted = sampler->variant / 2;

	strings_add(sampler->arena, &alternatives, read_sequence(sampler));
	while (!sampler->bad && *sampler->at == '|') {
		sampler->at++;
		strings_add(sampler->arena, &alternatives, read_sequence(sampler));
	}
	return arena_strdup(sampler->arena, alternatives.items[wanted % alternatives.count]);
}

char *sample_pattern(struct arena *arena, const char *pattern, unsigned variant)
{
	struct sampler sampler = {.arena = arena, .at = pattern, .variant = variant};
	char *text = read_alternatives(&sampler);

	return sampler.bad || *sampler.at != '\0' ? NULL : text;
}
