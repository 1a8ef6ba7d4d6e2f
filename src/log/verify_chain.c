/* The chain, line by line: what is wrong, where, and what can be known of it. */
#include <stdio.h>
#include <string.h>

#include "log/verify_parts.h"

/* What a line says of itself, for who looks for it elsewhere. */
static const char *says(struct verify *verify, const char *text, size_t length)
{
	struct line_fields fields;
	const char *op, *time, *request, *user;

	(void)line_fields(text, length, &fields);
	op = line_text(verify->arena, &fields.op);
	time = line_text(verify->arena, &fields.time);
	request = line_text(verify->arena, &fields.req);
	user = line_text(verify->arena, &fields.acct);
	return arena_printf(verify->arena, "it now says time=%s op=%s%s%s%s%s",
		time != NULL ? time : "?", op != NULL ? op : "?", user != NULL ? " acct=" : "",
		user != NULL ? user : "", request != NULL ? " req=" : "",
		request != NULL ? request : "");
}

/* The line after a changed one has the hash that was written. */
static const char *what_changed(const struct verify_changed *changed, const char *prev)
{
	if (prev == NULL)
		return "no line follows that would tell what";
	if (strcmp(prev, changed->claimed) == 0)
		return "its hash is the one that was written, its content is not";
	if (strcmp(prev, changed->computed) == 0)
		return "its content is the one that was written, its hash is not";
	return "its content and its hash are not those that were written, or it is another line";
}

static void tell_changed(struct verify *verify, const char *prev)
{
	struct verify_changed *changed = &verify->changed;

	if (!changed->waits)
		return;
	changed->waits = false;
	verify_found(verify, changed->place, changed->sequence, "the line was changed: %s; %s",
		what_changed(changed, prev), changed->says);
}

static void set_changed(struct verify *verify, const char *text, size_t length,
	const struct chain_link *link, const char *computed)
{
	struct verify_changed *changed = &verify->changed;

	changed->waits = true;
	changed->place = verify_place(verify);
	changed->sequence = verify->chain.next;
	changed->says = says(verify, text, length);
	memcpy(changed->computed, computed, sizeof(changed->computed));
	memcpy(changed->claimed, link->hash, sizeof(changed->claimed));
}

static void tell_sequence(struct verify *verify, uint64_t sequence)
{
	unsigned long long next = verify->chain.next, is = sequence;

	if (is > next + 1)
		verify_found(verify, verify_place(verify), sequence,
			"lines are missing before it: seq %llu to %llu", next, is - 1);
	else if (is > next)
		verify_found(verify, verify_place(verify), sequence,
			"a line is missing before it: seq %llu", next);
	else
		verify_found(verify, verify_place(verify), sequence,
			"the line was added or is in another place: seq %llu comes here", next);
}

/* Where the chain goes on from a line, whatever was wrong with it. */
static void go_on(struct verify *verify, uint64_t sequence, const char *hash)
{
	verify->chain.next = sequence + 1;
	memcpy(verify->chain.last, hash, sizeof(verify->chain.last));
	verify->prev_unknown = false;
}

/* The seq of a line as it is: the one that is due, or another one after a finding. */
static void check_place(struct verify *verify, const struct chain_link *link)
{
	bool after_changed = verify->changed.waits;

	tell_changed(verify, link->prev);
	if (link->sequence != verify->chain.next)
		tell_sequence(verify, link->sequence);
	else if (!after_changed && !verify->prev_unknown &&
		 strcmp(link->prev, verify->chain.last) != 0)
		verify_found(verify, verify_place(verify), link->sequence,
			"the line before it is not the one that was written");
	go_on(verify, link->sequence, link->hash);
}

/* The chain's id, for what is said of it elsewhere. NULL: the line has none. */
static const char *take_id(struct verify *verify, const char *text, size_t length)
{
	struct line_value id = line_find(text, length, "chain");
	const char *name = line_text(verify->arena, &id);

	if (name != NULL)
		(void)snprintf(verify->result->chain, sizeof(verify->result->chain), "%s", name);
	return name;
}

static void check_first_of_file(
	struct verify *verify, const char *text, size_t length, const struct chain_link *link)
{
	const struct log_file *file = &verify->files.items[verify->file];
	struct line_value op = line_find(text, length, "op");
	struct line_value format = line_find(text, length, "format");
	char before[sizeof(verify->result->chain)];

	memcpy(before, verify->result->chain, sizeof(before));
	if (file->named != 0 && file->named != link->sequence)
		verify_found(verify, verify_place(verify), link->sequence,
			"the file's name says that it begins with seq %llu",
			(unsigned long long)file->named);
	if (!line_is(&op, "chain") || take_id(verify, text, length) == NULL) {
		verify_found(verify, verify_place(verify), link->sequence,
			"the file does not begin with its op=chain");
		return;
	}
	if (line_number(&format, 0) != CHAIN_FORMAT)
		verify_found(verify, verify_place(verify), link->sequence,
			"the file is of another format than %d", CHAIN_FORMAT);
	if (before[0] != '\0' && strcmp(verify->result->chain, before) != 0)
		verify_found(verify, verify_place(verify), link->sequence,
			"another chain begins here: %s", verify->result->chain);
}

static void add_expired(struct verify *verify, const char *text, size_t length)
{
	struct line_value last = line_find(text, length, "last");
	struct line_value hash = line_find(text, length, "last_hash");
	struct verify_expired *expired;

	if (last.kind != LINE_NUMBER || hash.length != CHAIN_HASH)
		return;
	verify->expired = arena_grow(
		verify->arena, verify->expired, verify->expired_count, sizeof(*verify->expired));
	expired = &verify->expired[verify->expired_count++];
	expired->last = line_number(&last, 0);
	memcpy(expired->hash, hash.bytes, CHAIN_HASH);
}

/* What a line that is good says of the log itself. */
static void take_operation(
	struct verify *verify, const char *text, size_t length, const struct chain_link *link)
{
	static const char *const beside[] = {
		"transcript", "transcript-open", "transcript-part", "expired", "torn"};
	struct line line = line_start(text, length);
	struct line_value name, value;

	do
		if (line_next(&line, &name, &value) != 1)
			return;
	while (!line_is(&name, "op"));
	if (line_is(&value, "sign"))
		verify_signature(verify, text, length, link);
	if (line_is(&value, "expired"))
		add_expired(verify, text, length);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (line_is(&value, beside[i]))
			verify_beside_line(verify, beside[i], text, length, link->sequence);
}

static void check_start(struct verify *verify, const struct chain_link *link)
{
	if (verify->started)
		return;
	verify->started = true;
	verify->result->first = link->sequence;
	memcpy(verify->start_prev, link->prev, sizeof(verify->start_prev));
	if (link->sequence == 1)
		return;
	/* What is before may have expired: that is known at the end. */
	verify->chain.next = link->sequence;
	memcpy(verify->chain.last, link->prev, sizeof(verify->chain.last));
}

void verify_line(struct verify *verify, const char *text, size_t length)
{
	char computed[CHAIN_HASH + 1] = "";
	struct chain_link link;

	if (chain_read(text, length, &link) != CHAIN_GOOD) {
		tell_changed(verify, NULL);
		verify_found(verify, verify_place(verify), 0, "this is no line of an event log: %s",
			says(verify, text, length));
		verify->chain.next += verify->started || verify->file == 0;
		verify->prev_unknown = verify->started = true;
		return;
	}
	check_start(verify, &link);
	if (chain_hash(text, length, computed) != 0 || strcmp(computed, link.hash) != 0) {
		tell_changed(verify, link.prev);
		set_changed(verify, text, length, &link, computed);
		if (verify->line == 1 && verify->result->chain[0] == '\0')
			take_id(verify, text, length);
		go_on(verify, verify->chain.next, link.hash);
		return;
	}
	check_place(verify, &link);
	if (verify->line == 1)
		check_first_of_file(verify, text, length, &link);
	verify_head_line(verify, link.sequence, link.hash);
	take_operation(verify, text, length, &link);
}

/*
 * Lines before the first one must have expired, as the log itself says; or the head before it was
 * given, by somebody who had verified those.
 */
static void check_missing_start(struct verify *verify)
{
	const struct verify_result *result = verify->result;
	const char *place = arena_printf(verify->arena, "%s:1", verify->files.items[0].path);
	unsigned long long before = result->first - 1;

	if (verify->files.directory < 0) {
		verify_note(verify,
			"the file begins with seq %llu; what comes before it is not "
			"looked at",
			before + 1);
		return;
	}
	for (size_t i = 0; i < verify->expired_count; i++)
		if (verify->expired[i].last == before &&
			strcmp(verify->expired[i].hash, verify->start_prev) == 0)
			return;
	for (size_t i = 0; i < verify->heads.count; i++)
		if (verify->heads.items[i].chain == NULL &&
			verify->heads.items[i].sequence == before &&
			strcmp(verify->heads.items[i].hash, verify->start_prev) == 0)
			return;
	verify_found(verify, place, result->first,
		"lines are missing before it: seq 1 to %llu; no op=expired says so", before);
}

void verify_chain_end(struct verify *verify)
{
	tell_changed(verify, NULL);
	verify->result->last = verify->chain.next - 1;
	memcpy(verify->result->head, verify->chain.last, sizeof(verify->result->head));
	if (verify->result->first > 1)
		check_missing_start(verify);
	if (!verify->started)
		verify_found(verify, verify->files.items[0].path, 0, "there is no line in it");
}
