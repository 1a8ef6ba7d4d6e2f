/* The chain's head as others know it: whoever cuts the log's tail off does not reach them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "log/verify_parts.h"

void verify_add_head(
	struct arena *arena, struct verify_heads *heads, const struct verify_head *head)
{
	heads->items = arena_grow(arena, heads->items, heads->count, sizeof(*heads->items));
	heads->items[heads->count++] = *head;
}

static int by_sequence(const void *left, const void *right)
{
	const struct verify_head *a = left, *b = right;

	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

void verify_heads_sort(struct verify *verify)
{
	if (verify->heads.count > 1)
		qsort(verify->heads.items, verify->heads.count, sizeof(*verify->heads.items),
			by_sequence);
}

static bool is_of_chain(const struct verify *verify, const struct verify_head *head)
{
	return head->chain == NULL || strcmp(head->chain, verify->result->chain) == 0;
}

void verify_head_line(struct verify *verify, uint64_t sequence, const char *hash)
{
	for (; verify->next_head < verify->heads.count; verify->next_head++) {
		const struct verify_head *head = &verify->heads.items[verify->next_head];

		if (head->sequence > sequence)
			return;
		if (!is_of_chain(verify, head) || head->sequence < sequence)
			continue;
		if (strcmp(head->hash, hash) == 0)
			verify->result->heads++;
		else
			verify_found(verify, verify_place(verify), sequence,
				"%s knows another hash of it: %s", head->source, head->hash);
	}
}

/* Heads of what is not there: the tail of the log. One finding is enough, by the last of them. */
void verify_heads_end(struct verify *verify)
{
	const struct verify_head *last = NULL, *gone = NULL;
	const char *other = NULL;

	for (size_t i = 0; i < verify->heads.count; i++) {
		const struct verify_head *head = &verify->heads.items[i];

		if (!is_of_chain(verify, head))
			other = head->chain;
		else if (head->sequence > verify->result->last)
			last = head;
		else if (head->sequence < verify->result->first)
			gone = head;
	}
	if (gone != NULL && last == NULL && verify->result->heads == 0)
		verify_note(verify,
			"no head that is known elsewhere is of a line that is still here: the last "
			"is seq %llu, by %s",
			(unsigned long long)gone->sequence, gone->source);
	if (last != NULL)
		verify_found(verify, verify_place(verify), verify->result->last,
			"the log's end is cut off: %s knows seq %llu, and the log ends with %llu",
			last->source, (unsigned long long)last->sequence,
			(unsigned long long)verify->result->last);
	if (other != NULL)
		verify_note(verify, "the audit log knows another chain too: %s", other);
}

/* The value after ` NAME=` in a record, quoted or not, of these characters; its length. */
static size_t value_of(
	const char *line, const char *name, const char *characters, const char **value)
{
	const char *found = strstr(line, name);

	if (found == NULL)
		return 0;
	*value = found + strlen(name);
	*value += **value == '"';
	return strspn(*value, characters);
}

static void take_record(
	struct arena *arena, const char *path, const char *line, struct verify_heads *heads)
{
	static const char hexadecimal[] = "0123456789abcdef";
	struct verify_head head = {.source = path};
	const char *chain, *sequence, *hash;

	if (strstr(line, "type=USYS_CONFIG ") == NULL ||
		value_of(line, " chain=", hexadecimal, &chain) != 32 ||
		value_of(line, " seq=", "0123456789", &sequence) - 1 > 19 ||
		value_of(line, " hash=", hexadecimal, &hash) != CHAIN_HASH)
		return;
	head.chain = arena_strndup(arena, chain, 32);
	head.sequence = strtoull(sequence, NULL, 10);
	memcpy(head.hash, hash, CHAIN_HASH);
	if (head.sequence > 0)
		verify_add_head(arena, heads, &head);
}

int verify_read_heads(
	struct arena *arena, const char *path, struct verify_heads *heads, const char **complaint)
{
	FILE *stream = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	int result = 0;

	if (stream != NULL)
		while (getline(&line, &room, stream) >= 0)
			if (strstr(line, "op=log-head ") != NULL)
				take_record(arena, path, line, heads);
	if (stream == NULL || ferror(stream)) {
		*complaint = arena_printf(arena, "%s: %s", path, strerror(errno));
		result = -1;
	}
	free(line);
	if (stream != NULL)
		fclose(stream);
	return result;
}
