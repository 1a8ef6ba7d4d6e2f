/* The bytes that cvtsudoers(1) wrote. */
#include <string.h>

#include "author/sudoers_parts.h"
#include "base/text.h"

enum { DEPTH_MAX = 64 };

struct repair {
	const char *at, *end;
	char *to;
	char brackets[DEPTH_MAX];
	size_t depth;
};

static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		at += *at == '\\' && at + 1 < end;
	return at < end ? at + 1 : end;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at) != NULL && *at != '\0')
		at++;
	return at;
}

static void copy(struct repair *repair, const char *until)
{
	repair->to = mempcpy(repair->to, repair->at, (size_t)(until - repair->at));
	repair->at = until;
}

/* A string: with a ":" behind it in an array, it and its value, also a string, get braces. */
static void copy_string(struct repair *repair)
{
	const char *behind = string_end(repair->at, repair->end);
	const char *colon = skip_blanks(behind, repair->end), *value;
	bool in_array = repair->depth > 0 && repair->brackets[repair->depth - 1] == '[';

	if (in_array && colon < repair->end && *colon == ':') {
		value = skip_blanks(colon + 1, repair->end);
		if (value < repair->end && *value == '"') {
			*repair->to++ = '{';
			copy(repair, string_end(value, repair->end));
			*repair->to++ = '}';
			return;
		}
	}
	copy(repair, behind);
}

/* Two bytes more for each string at most. */
static char *repair_text(struct arena *arena, const char *bytes, size_t length, size_t *repaired)
{
	char *text = arena_alloc(arena, length * 2 + 1);
	struct repair repair = {.at = bytes, .end = bytes + length, .to = text};

	while (repair.at < repair.end) {
		char byte = *repair.at;

		if (byte == '"') {
			copy_string(&repair);
			continue;
		}
		if ((byte == '[' || byte == '{') && repair.depth < DEPTH_MAX)
			repair.brackets[repair.depth++] = byte;
		else if ((byte == ']' || byte == '}') && repair.depth > 0)
			repair.depth--;
		copy(&repair, repair.at + 1);
	}
	*repaired = (size_t)(repair.to - text);
	return text;
}

json_t *sudoers_json(struct arena *arena, const char *bytes, size_t length, const char **complaint)
{
	json_error_t error;
	json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
	char *repaired;

	if (root == NULL) {
		repaired = repair_text(arena, bytes, length, &length);
		root = json_loadb(repaired, length, JSON_REJECT_DUPLICATES, &error);
	}
	if (root == NULL) {
		*complaint = arena_printf(arena, "line %d: %s", error.line,
			text_escape(arena, error.text, strlen(error.text)));
		return NULL;
	}
	if (json_is_object(root) && json_is_array(json_object_get(root, "User_Specs")))
		return root;
	json_decref(root);
	*complaint = "it has no User_Specs: expected what \"cvtsudoers -f json\" writes";
	return NULL;
}
