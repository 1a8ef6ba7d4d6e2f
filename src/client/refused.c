/* What a refusal looks like to a person: one line. */
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/strings.h"
#include "base/text.h"
#include "client/run.h"

/* So that the code and the request id always fit in the line after it. */
enum { DETAIL_MAX = 3000 };

char *client_safe_text(struct arena *arena, const char *text)
{
	struct strings lines = {0};

	for (;;) {
		size_t length = strcspn(text, "\n");
		size_t shown = length > 0 && text[length - 1] == '\r' ? length - 1 : length;

		strings_add(arena, &lines, text_escape(arena, text, shown));
		if (text[length] == '\0')
			return strings_join(arena, &lines, "\n");
		text += length + 1;
	}
}

static char *safe_line(struct arena *arena, const char *text)
{
	return text_escape(arena, text, text_cut(text, DETAIL_MAX));
}

static void copy_cut(char *to, size_t size, const char *text)
{
	size_t length = text_cut(text, size - 1);

	memcpy(to, text, length);
	to[length] = '\0';
}

void client_keep_refusal(struct client_refusal *refusal, const char *code, const char *detail,
	const char *request)
{
	copy_cut(refusal->code, sizeof(refusal->code), code);
	copy_cut(refusal->detail, sizeof(refusal->detail), detail);
	copy_cut(refusal->request, sizeof(refusal->request), request);
}

const char *client_refused(
	struct arena *arena, const struct client_options *options, struct packet *packet)
{
	const char *code = packet_get_string(arena, packet);
	const char *detail = packet_get_string(arena, packet);
	const char *request = packet_get_string(arena, packet);
	const char *json = packet_get_string(arena, packet);
	bool advise = options->advice != NULL &&
		      (strcmp(code, "not-permitted") == 0 || strcmp(code, "syntax") == 0);

	if (!packet_done(packet))
		return NULL;
	if (options->refusal != NULL)
		client_keep_refusal(options->refusal, code, detail, request);
	/* Of one whom the gateway has not let in: it did not yet know who wants JSON. */
	if (options->failure != NULL && json[0] == '\0') {
		options->failure->happened = true;
		client_keep_refusal(&options->failure->said, code, detail, request);
	}
	if (options->quiet)
		return json;
	detail = safe_line(arena, detail[0] == '\0' ? "refused" : detail);
	if (advise)
		detail = arena_printf(arena, "%s; %s", detail, options->advice);
	client_say_refusal(detail, safe_line(arena, code), safe_line(arena, request));
	return json;
}
