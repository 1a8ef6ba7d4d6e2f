/* sessions: who is there, from where, since when, and what runs. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/control.h"
#include "admin/origin.h"
#include "base/message.h"
#include "base/text.h"

enum { WIDE = 120 /* columns that one line a session needs */ };

static unsigned number_of(const json_t *object, const char *key)
{
	const json_t *number = json_object_get(object, key);

	return json_is_integer(number) ? (unsigned)json_integer_value(number) : (unsigned)-1;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static void set(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, text == NULL ? json_null() : json_string(text));
}

static json_t *origin_json(const struct origin *origin)
{
	if (origin->address == NULL)
		return json_null();
	return json_pack("{s:s, s:i, s:i}", "address", origin->address, "port", (int)origin->port,
		"sshd_pid", (int)origin->sshd);
}

static const char *utc(struct arena *arena, time_t when)
{
	char text[32] = "";
	struct tm parts;

	if (gmtime_r(&when, &parts) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	return arena_strdup(arena, text);
}

/* The gateway, with the few capabilities that it has, can't look into sshd. */
static void look_up(struct arena *arena, json_t *session)
{
	unsigned audit_session = number_of(session, "audit_session");
	pid_t client = (pid_t)number_of(session, "client_pid");
	struct origin origin = origin_of(arena, audit_session);
	const char *program = origin_program(arena, client, audit_session);

	json_object_set_new(session, "from", origin_json(&origin));
	set(session, "terminal", origin_terminal(arena, client, audit_session));
	set(session, "client",
		program == NULL ? NULL : text_escape(arena, program, strlen(program)));
	set(session, "since",
		utc(arena, (time_t)json_integer_value(json_object_get(session, "since"))));
}

static const char *span(struct arena *arena, unsigned seconds)
{
	if (seconds >= 2 * 86400)
		return arena_printf(arena, "%ud", seconds / 86400);
	if (seconds >= 2 * 3600)
		return arena_printf(arena, "%uh", seconds / 3600);
	if (seconds >= 2 * 60)
		return arena_printf(arena, "%um", seconds / 60);
	return arena_printf(arena, "%us", seconds);
}

static const char *or_dash(const char *text)
{
	return text[0] == '\0' ? "-" : text;
}

static bool is_narrow(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	       size.ws_col > 0 && size.ws_col < WIDE;
}

static const char *whence(struct arena *arena, const json_t *session)
{
	const json_t *from = json_object_get(session, "from");
	const char *address = text_of(from, "address");

	if (!json_is_object(from))
		return "-";
	return arena_printf(arena, strchr(address, ':') == NULL ? "%s:%u" : "[%s]:%u", address,
		number_of(from, "port"));
}

static void print_state(struct arena *arena, const json_t *session, const char *separator)
{
	const json_t *run = json_object_get(session, "run");

	if (!json_is_object(run)) {
		printf("idle for %s\n", span(arena, number_of(session, "idle_seconds")));
		return;
	}
	printf("runs %s%s%s as %s for %s, process %u%srequest %s\n", colour(COLOUR_GREEN),
		text_of(run, "command"), colour(COLOUR_NONE), text_of(run, "account"),
		span(arena, number_of(run, "seconds")), number_of(run, "pid"), separator,
		text_of(run, "request"));
}

static void print_session(struct arena *arena, const json_t *session, bool narrow)
{
	const char *user = text_of(session, "user"), *from = whence(arena, session);

	if (user[0] == '\0') /* not identified yet */
		user = arena_printf(arena, "uid %u", number_of(session, "uid"));
	printf("%s%s%s  %-12s %-14s %s", colour(COLOUR_BOLD), text_of(session, "session"),
		colour(COLOUR_NONE), user, text_of(session, "endpoint"),
		text_of(session, "since"));
	if (narrow)
		printf("\n    from %s, terminal %s\n    ", from,
			or_dash(text_of(session, "terminal")));
	else
		printf("  %-21s %-8s ", from, or_dash(text_of(session, "terminal")));
	print_state(arena, session, narrow ? "\n    " : ", ");
}

static void print_sessions(struct arena *arena, const json_t *sessions)
{
	bool narrow = is_narrow();

	if (json_array_size(sessions) == 0)
		puts("no session");
	else
		printf("%-16s  %-12s %-14s ", "SESSION", "USER", "ENDPOINT");
	if (json_array_size(sessions) > 0 && narrow)
		puts("SINCE");
	else if (json_array_size(sessions) > 0)
		printf("%-20s  %-21s %-8s STATE\n", "SINCE", "FROM", "TERMINAL");
	for (size_t i = 0; i < json_array_size(sessions); i++)
		print_session(arena, json_array_get(sessions, i), narrow);
}

static bool is_wanted(const json_t *session, const char *user)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", number_of(session, "uid"));
	return user == NULL || strcmp(text_of(session, "user"), user) == 0 ||
	       strcmp(number, user) == 0;
}

static int show(struct arena *arena, const struct options *options, json_t *root)
{
	json_t *sessions = json_object_get(root, "sessions");
	bool json = (options->given & OPTION_JSON) != 0;
	char *dumped;

	if (!json_is_array(sessions)) {
		message_error("the gateway's answer is malformed");
		return ADMIN_FOUND;
	}
	for (size_t i = json_array_size(sessions); i-- > 0;)
		if (is_wanted(json_array_get(sessions, i), options->user))
			look_up(arena, json_array_get(sessions, i));
		else
			json_array_remove(sessions, i);
	if (json) {
		dumped = json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII);
		puts(dumped == NULL ? "{}" : dumped);
		free(dumped);
		return ADMIN_OK;
	}
	print_sessions(arena, sessions);
	return ADMIN_OK;
}

int sessions_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct packet_writer question;
	json_t *root = NULL;
	const char *text;
	int status;

	control_begin(arena, options, PACKET_SESSIONS, &question);
	text = control_question(arena, &question, &status);
	if (text != NULL) {
		root = json_loads(text, 0, NULL);
		status = show(arena, options, root);
	}
	json_decref(root);
	arena_free(arena);
	return status;
}
