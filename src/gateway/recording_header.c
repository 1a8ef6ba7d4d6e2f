/* What stands at the head of a transcript (asciicast v2), with what rolegate knows of the run. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "gateway/recording.h"
#include "gateway/request.h"
#include "policy/line.h"

enum {
	COLUMNS = 80, /* where there is no terminal */
	ROWS = 24,
	COMMAND_MAX = 16 * 1024, /* bytes: it has to fit into a packet, escaped */
	TITLE_MAX = 128,
};

/* Any bytes as a text that JSON can hold, and at most `most` of them. */
static json_t *text(struct arena *arena, const char *bytes, size_t most)
{
	size_t length = text_cut(bytes, most);

	if (bytes[length] != '\0') {
		bytes = arena_printf(arena, "%.*s...", (int)length, bytes);
		length = strlen(bytes);
	}
	if (!text_is_utf8(bytes, length))
		bytes = text_escape(arena, bytes, length);
	return json_string(bytes);
}

static json_t *about(const struct request *request)
{
	const struct session *session = request->session;
	struct arena *arena = request->arena;
	json_t *object = json_pack("{s:s, s:o, s:I, s:s, s:o, s:o}", "request", request->id.text,
		"user", text(arena, session->operator.name, TITLE_MAX), "uid",
		(json_int_t)session->peer.uid, "endpoint", session->endpoint->name, "run_as",
		text(arena, request->run_as.name, TITLE_MAX), "command",
		text(arena, request->decision.command->name, COMMAND_MAX));

	if (object != NULL && request->outer != NULL)
		json_object_set_new(object, "for", json_string(request->outer->id.text));
	return object;
}

const char *recording_header(const struct request *request)
{
	const struct decision *decision = &request->decision;
	struct arena *arena = request->arena;
	bool terminal = request->slave >= 0;
	const struct packet_window *window = &request->window;
	bool sized = terminal && window->columns > 0 && window->rows > 0;
	const char *line = line_quote(arena, decision->shown.items, decision->shown.count);
	const char *title =
		arena_printf(arena, "%s as %s", decision->command->name, request->run_as.name);
	json_t *header = json_pack("{s:i, s:i, s:i, s:I, s:o, s:o, s:o, s:o}", "version", 2,
		"width", sized ? window->columns : COLUMNS, "height", sized ? window->rows : ROWS,
		"timestamp", (json_int_t)time(NULL), "command", text(arena, line, COMMAND_MAX),
		"title", text(arena, title, TITLE_MAX), "env", json_object(), "rolegate",
		about(request));
	char *dumped;
	const char *copy;

	/* The recorder looks for it here. */
	if (header != NULL)
		json_object_set_new(
			header, "endpoint", json_string(request->session->endpoint->name));
	if (header != NULL && terminal && request->term[0] != '\0')
		json_object_set_new(json_object_get(header, "env"), "TERM",
			text(arena, request->term, TITLE_MAX));
	dumped = header == NULL ? NULL : json_dumps(header, JSON_COMPACT | JSON_ENSURE_ASCII);
	copy = dumped == NULL ? NULL : arena_strdup(arena, dumped);
	free(dumped);
	json_decref(header);
	return copy;
}
