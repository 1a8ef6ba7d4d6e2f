#include "bundle/seal.h"

#include <string.h>

#include "base/strings.h"
#include "base/text.h"
#include "bundle/manifest.h"

/* Exactly three lines, in `lines`. */
static int split(struct arena *arena, const char *bytes, size_t length, char *lines[3])
{
	for (size_t i = 0; i < 3; i++) {
		const char *end = memchr(bytes, '\n', length);

		if (end == NULL)
			return -1;
		lines[i] = arena_strndup(arena, bytes, (size_t)(end - bytes));
		if (strlen(lines[i]) != (size_t)(end - bytes))
			return -1;
		length -= (size_t)(end + 1 - bytes);
		bytes = end + 1;
	}
	return length == 0 ? 0 : -1;
}

static int parse_key(struct arena *arena, char *line, struct seal *seal, const char **complaint)
{
	char *name = line + 4, *text;
	const char *reason = "expected \"key NAME ed25519:BASE64\"";

	text = strncmp(line, "key ", 4) == 0 ? strchr(name, ' ') : NULL;
	if (text != NULL) {
		*text++ = '\0';
		if (text_is_name(name) && signature_key_parse(text, seal->key, &reason) == 0) {
			seal->key_name = name;
			return 0;
		}
	}
	*complaint = arena_printf(arena, SEAL_FILE ":2: the key: %s", reason);
	return -1;
}

int seal_parse(struct arena *arena, const char *bytes, size_t length, struct seal *seal,
	const char **complaint)
{
	char *lines[3];
	const char *reason = "expected \"signature BASE64\"";

	*seal = (struct seal){0};
	*complaint = SEAL_FILE ": expected three lines: \"rolegate-signature 1\", \"key …\", "
			       "\"signature …\"";
	if (length > SEAL_SIZE_MAX || split(arena, bytes, length, lines) != 0)
		return -1;
	*complaint = SEAL_FILE ":1: expected \"rolegate-signature 1\"";
	if (strcmp(lines[0], "rolegate-signature 1") != 0 ||
		parse_key(arena, lines[1], seal, complaint) != 0)
		return -1;
	if (strncmp(lines[2], "signature ", 10) == 0 &&
		signature_parse(lines[2] + 10, seal->signature, &reason) == 0) {
		*complaint = NULL;
		return 0;
	}
	*complaint = arena_printf(arena, SEAL_FILE ":3: the signature: %s", reason);
	return -1;
}

char *seal_print(struct arena *arena, const struct seal *seal)
{
	char key[SIGNATURE_KEY_TEXT_SIZE], signature[SIGNATURE_TEXT_SIZE];

	signature_key_print(seal->key, key);
	signature_print(seal->signature, signature);
	return arena_printf(arena, "rolegate-signature 1\nkey %s %s\nsignature %s\n",
		seal->key_name, key, signature);
}

static const char *known_names(struct arena *arena, const struct trusted_key *keys, size_t count)
{
	struct strings names = {0};

	for (size_t i = 0; i < count && i < 8; i++)
		strings_add(arena, &names, keys[i].name);
	if (count > 8)
		strings_add(arena, &names, "…");
	return count == 0 ? "there is no trusted key"
			  : arena_printf(arena, "expected one of: %s",
				    strings_join(arena, &names, ", "));
}

const struct trusted_key *seal_judge(struct arena *arena, const struct seal *seal,
	const struct trusted_key *keys, size_t count, const void *bytes, size_t length,
	const char **complaint)
{
	const struct trusted_key *key = NULL;
	char text[SIGNATURE_KEY_TEXT_SIZE];

	for (size_t i = 0; i < count && key == NULL; i++)
		if (memcmp(keys[i].key, seal->key, SIGNATURE_KEY_SIZE) == 0)
			key = &keys[i];
	if (key == NULL) {
		signature_key_print(seal->key, text);
		*complaint = arena_printf(arena,
			SEAL_FILE ": signed by key \"%s\" (%s), which is not trusted; %s",
			seal->key_name, text, known_names(arena, keys, count));
		return NULL;
	}
	if (signature_verify(key->key, bytes, length, seal->signature) == SIGNATURE_HOLDS)
		return key;
	*complaint = arena_printf(arena,
		SEAL_FILE ": the signature by key \"%s\" is not over this " MANIFEST_FILE
			  "; expected the manifest as it was signed",
		key->name);
	return NULL;
}
