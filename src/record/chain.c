#include "record/chain.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const struct chain chain_start = {
	.next = 1, .last = "0000000000000000000000000000000000000000000000000000000000000000"};

static const char seq_mark[] = ",\"seq\":", prev_mark[] = ",\"prev\":\"",
		  hash_mark[] = "\",\"hash\":\"", end_mark[] = "\"}";

#define LENGTH(mark) (sizeof(mark) - 1)

enum {
	/* The end of a line from `,"prev"` on, and from `,"hash"` on, whose first quote is prev's.
	 */
	TAIL = LENGTH(prev_mark) + CHAIN_HASH + LENGTH(hash_mark) + CHAIN_HASH + LENGTH(end_mark),
	HASH_TAIL = LENGTH(hash_mark) - 1 + CHAIN_HASH + LENGTH(end_mark),
	DIGITS = 20, /* of 2^64 */
};

/* Made once for each thread: making it takes as long as hashing a line. NULL: no memory. */
static EVP_MD_CTX *new_context(void)
{
	static _Thread_local EVP_MD_CTX *context;

	if (context == NULL)
		context = EVP_MD_CTX_new();
	else if (EVP_DigestInit_ex2(context, NULL, NULL) == 1)
		return context;
	return context != NULL && EVP_DigestInit_ex2(context, EVP_sha256(), NULL) == 1 ? context
										       : NULL;
}

static int hash_of(const char *bytes, size_t length, char text[CHAIN_HASH + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = new_context();
	unsigned size = 0;

	if (context == NULL || EVP_DigestUpdate(context, bytes, length) != 1 ||
		EVP_DigestFinal_ex(context, hash, &size) != 1 || size != 32)
		return -1;
	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[hash[i] >> 4];
		text[2 * i + 1] = digits[hash[i] & 15];
	}
	text[CHAIN_HASH] = '\0';
	return 0;
}

char *chain_seal(struct arena *arena, struct chain *chain, const char *object)
{
	size_t length = strlen(object), hashed;
	char hash[CHAIN_HASH + 1], *line, *end;

	if (length < 3 || object[0] != '{' || object[length - 1] != '}' ||
		memchr(object, '\n', length) != NULL)
		return NULL;
	line = arena_alloc(arena, length + CHAIN_SEALED_MAX);
	end = mempcpy(line, object, length - 1);
	end += snprintf(end, CHAIN_SEALED_MAX, "%s%llu%s", seq_mark,
		(unsigned long long)chain->next, prev_mark);
	end = mempcpy(end, chain->last, CHAIN_HASH);
	*end = '"';
	hashed = (size_t)(end + 1 - line);
	if (hash_of(line, hashed, hash) != 0)
		return NULL;
	end = mempcpy(end, hash_mark, LENGTH(hash_mark));
	end = mempcpy(end, hash, CHAIN_HASH);
	memcpy(end, "\"}\n", sizeof("\"}\n"));
	chain->next++;
	memcpy(chain->last, hash, sizeof(hash));
	return line;
}

static bool is_hash(const char *text)
{
	return strspn(text, "0123456789abcdef") >= CHAIN_HASH;
}

/* The digits that end before `end`: 0 when there are none, or not as a number is written. */
static uint64_t number_before(const char *start, const char *end, const char **first)
{
	uint64_t number = 0;

	*first = end;
	while (*first > start && end - *first < DIGITS && (*first)[-1] >= '0' &&
		(*first)[-1] <= '9')
		(*first)--;
	if (*first == end || **first == '0')
		return 0;
	for (const char *digit = *first; digit < end; digit++)
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, (uint64_t)(*digit - '0'), &number))
			return 0;
	return number;
}

enum chain_result chain_read(const char *line, size_t length, struct chain_link *link)
{
	const char *tail, *first;

	memset(link, 0, sizeof(*link));
	if (length < TAIL + LENGTH(seq_mark) + 2 || memchr(line, '\n', length) != NULL)
		return CHAIN_NOT_A_LINE;
	tail = line + length - TAIL;
	memcpy(link->prev, tail + LENGTH(prev_mark), CHAIN_HASH);
	memcpy(link->hash, line + length - LENGTH(end_mark) - CHAIN_HASH, CHAIN_HASH);
	link->sequence = number_before(line, tail, &first);
	if (link->sequence == 0 || (size_t)(first - line) < LENGTH(seq_mark) + 2 ||
		memcmp(first - LENGTH(seq_mark), seq_mark, LENGTH(seq_mark)) != 0 ||
		memcmp(tail, prev_mark, LENGTH(prev_mark)) != 0 || !is_hash(link->prev) ||
		memcmp(tail + LENGTH(prev_mark) + CHAIN_HASH, hash_mark, LENGTH(hash_mark)) != 0 ||
		!is_hash(link->hash) ||
		memcmp(line + length - LENGTH(end_mark), end_mark, LENGTH(end_mark)) != 0)
		return CHAIN_NOT_A_LINE;
	link->body = (size_t)(first - line) - LENGTH(seq_mark);
	return CHAIN_GOOD;
}

int chain_hash(const char *line, size_t length, char text[CHAIN_HASH + 1])
{
	return length < HASH_TAIL ? -1 : hash_of(line, length - HASH_TAIL, text);
}

enum chain_result chain_check(
	struct chain *chain, const char *line, size_t length, struct chain_link *link)
{
	enum chain_result result = chain_read(line, length, link);
	char hash[CHAIN_HASH + 1];

	if (result != CHAIN_GOOD)
		return result;
	if (hash_of(line, length - HASH_TAIL, hash) != 0)
		return CHAIN_ERROR;
	if (strcmp(hash, link->hash) != 0)
		return CHAIN_CHANGED;
	if (link->sequence != chain->next)
		return CHAIN_SEQUENCE;
	if (strcmp(link->prev, chain->last) != 0)
		return CHAIN_BROKEN;
	chain->next++;
	memcpy(chain->last, link->hash, sizeof(chain->last));
	return CHAIN_GOOD;
}

const char *chain_result_text(enum chain_result result)
{
	switch (result) {
	case CHAIN_GOOD:
		return "good";
	case CHAIN_NOT_A_LINE:
		return "this is no line of an event log";
	case CHAIN_CHANGED:
		return "the line was changed";
	case CHAIN_SEQUENCE:
		return "lines are missing, added or in another order";
	case CHAIN_BROKEN:
		return "the line before is not the one that was written";
	case CHAIN_ERROR:
		break;
	}
	return "the hash could not be computed";
}
