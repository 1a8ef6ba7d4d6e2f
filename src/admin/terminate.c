/* terminate: ends a run, a session, or all sessions of a person, and waits until they are over. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/control.h"
#include "base/message.h"
#include "base/request_id.h"
#include "base/text.h"

enum { REASON_MAX = 250 /* bytes: what its notice and its record hold */ };

struct words {
	const char *what, *reason;
};

static int wrong(const char *text)
{
	message_error("terminate: %s", text);
	return -1;
}

static int take_words(const struct options *options, struct words *words)
{
	for (size_t i = 0; i < options->word_count; i++) {
		const char *word = options->words[i];
		const char **value = NULL;

		if (strcmp(word, "--reason") == 0) {
			if (++i == options->word_count)
				return wrong("--reason needs a value");
			value = &words->reason;
			word = options->words[i];
		} else if (strncmp(word, "--reason=", 9) == 0) {
			value = &words->reason;
			word += 9;
		} else if (word[0] != '-') {
			value = &words->what;
		}
		if (value == NULL || *value != NULL)
			return wrong("expected REQUEST, SESSION or --user USER, and --reason TEXT");
		*value = word;
	}
	if ((words->what == NULL) == (options->user == NULL))
		return wrong("expected one of REQUEST, SESSION and --user USER");
	return 0;
}

static bool is_session_id(const char *text)
{
	return strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16;
}

/* A number needs no account: it may be gone, and its sessions not. */
static const char *find_user(struct arena *arena, const char *user)
{
	const struct passwd *entry;

	if (user[0] != '\0' && strlen(user) <= 10 && strspn(user, "0123456789") == strlen(user))
		return user;
	entry = getpwnam(user);
	return entry == NULL ? NULL : arena_printf(arena, "%u", (unsigned)entry->pw_uid);
}

static int put_fields(struct arena *arena, const struct options *options, const struct words *words,
	struct packet_writer *question)
{
	const char *reason = words->reason == NULL ? "" : words->reason, *what = words->what;
	enum terminate_kind kind = TERMINATE_USER;

	if (strlen(reason) > REASON_MAX || text_refused(reason, strlen(reason)) != strlen(reason))
		return wrong("the reason has control characters, or more than 250 bytes");
	if (what == NULL) {
		what = find_user(arena, options->user);
		if (what == NULL)
			return wrong("there is no such user");
	} else if (request_id_is_valid(what)) {
		kind = TERMINATE_REQUEST;
	} else if (is_session_id(what)) {
		kind = TERMINATE_SESSION;
	} else {
		return wrong("a request has 32 hexadecimal digits, a session 16");
	}
	packet_put_u8(question, (uint8_t)kind);
	packet_put_string(question, what);
	packet_put_string(question, reason);
	return 0;
}

int terminate_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct words words = {.what = NULL};
	struct packet_writer question;
	int status = ADMIN_WRONG;

	if (take_words(options, &words) == 0) {
		control_begin(arena, options, PACKET_TERMINATE, &question);
		if (put_fields(arena, options, &words, &question) == 0)
			status = control_show(arena, options, &question);
	}
	arena_free(arena);
	return status;
}
