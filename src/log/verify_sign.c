/* Signatures: Ed25519 (RFC 8032) of the chain's id, a seq and the hash of that line. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "config/signature.h"
#include "config/signature_point.h"
#include "log/verify_parts.h"

enum { PEM_MAX = 64 * 1024 };

static const char message_begin[] = "rolegate-log-1"; /* with its NUL */

/* The first digits of the SHA-256 of its 32 bytes. -1: anybody could sign by it. */
static int name_key(struct verify_key *key)
{
	unsigned char bytes[SIGNATURE_KEY_SIZE], hash[EVP_MAX_MD_SIZE];
	size_t length = sizeof(bytes);

	if (EVP_PKEY_get_raw_public_key(key->key, bytes, &length) != 1 || length != sizeof(bytes) ||
		signature_point_refused(bytes) != NULL ||
		EVP_Digest(bytes, sizeof(bytes), hash, NULL, EVP_sha256(), NULL) != 1)
		return -1;
	for (size_t i = 0; i < VERIFY_KEY_NAME / 2; i++)
		(void)snprintf(key->name + 2 * i, 3, "%02x", hash[i]);
	return 0;
}

static int load_key(struct verify *verify, struct verify_key *key, const char **complaint)
{
	size_t length;
	char *pem = fd_read_file(verify->arena, key->path, PEM_MAX, &length);
	BIO *bio = pem != NULL ? BIO_new_mem_buf(pem, (int)length) : NULL;

	if (pem == NULL) {
		*complaint = arena_printf(verify->arena, "%s: %s", key->path, strerror(errno));
		return -1;
	}
	if (bio != NULL)
		key->key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	if (key->key != NULL && EVP_PKEY_get_base_id(key->key) == EVP_PKEY_ED25519 &&
		name_key(key) == 0)
		return 0;
	*complaint = arena_printf(verify->arena,
		"%s: expected a public Ed25519 key, as openssl pkey -pubout writes it", key->path);
	return -1;
}

int verify_keys_load(struct verify *verify, const char **complaint)
{
	const struct strings *paths = &verify->question->keys;

	verify->keys = arena_array(verify->arena, paths->count + 1, sizeof(*verify->keys));
	for (size_t i = 0; i < paths->count; i++) {
		struct verify_key *key = &verify->keys[verify->key_count++];

		key->path = paths->items[i];
		if (load_key(verify, key, complaint) < 0)
			return -1;
	}
	return 0;
}

/* Nobody may be looking at a signature by one of them any more. */
void verify_keys_free(struct verify *verify)
{
	(void)verify_holds_end(&verify->holds);
	for (size_t i = 0; i < verify->key_count; i++)
		EVP_PKEY_free(verify->keys[i].key);
	verify->key_count = 0;
}

static const struct verify_key *find_key(const struct verify *verify, const char *name)
{
	for (size_t i = 0; name != NULL && i < verify->key_count; i++)
		if (strcmp(verify->keys[i].name, name) == 0)
			return &verify->keys[i];
	return NULL;
}

/* NULL, and what is to be checked later; else what is wrong. */
static const char *take(struct verify *verify, const char *text, size_t length,
	const struct chain_link *link, struct verify_signature *signature)
{
	struct line_value name = line_find(text, length, "key");
	struct line_value to = line_find(text, length, "to");
	struct line_value value = line_find(text, length, "signature");
	const char *encoded = line_text(verify->arena, &value), *complaint;
	int size;

	signature->key = find_key(verify, line_text(verify->arena, &name));
	if (signature->key == NULL)
		return "the signature is not by a key that was given";
	if (line_number(&to, 0) != link->sequence - 1)
		return "the signature is not for the line before it";
	if (encoded == NULL || signature_parse(encoded, signature->bytes, &complaint) < 0)
		return "the signature is no base64 of 64 bytes";
	memcpy(signature->message, message_begin, sizeof(message_begin));
	size = snprintf(signature->message + sizeof(message_begin),
		sizeof(signature->message) - sizeof(message_begin), "%s %llu %s",
		verify->result->chain, (unsigned long long)link->sequence - 1, link->prev);
	signature->length = sizeof(message_begin) + (size_t)size;
	return NULL;
}

void verify_signature(
	struct verify *verify, const char *text, size_t length, const struct chain_link *link)
{
	struct verify_signature *signature;
	const char *wrong;

	if (verify->key_count == 0) {
		verify->result->signatures++; /* there is one, whatever it is worth */
		return;
	}
	signature = arena_alloc(verify->arena, sizeof(*signature));
	wrong = take(verify, text, length, link, signature);
	if (wrong != NULL) {
		verify_found(verify, verify_place(verify), link->sequence, "%s", wrong);
		return;
	}
	signature->place = verify_place(verify);
	signature->sequence = link->sequence;
	verify_holds_add(&verify->holds, signature);
}

static void tell(struct verify *verify, const struct verify_signature *signature)
{
	if (!signature->holds) {
		verify_found(verify, signature->place, signature->sequence,
			"the signature does not hold");
		return;
	}
	verify->result->signatures++;
	verify->result->signed_to = signature->sequence - 1;
}

void verify_signatures_end(struct verify *verify)
{
	const struct verify_result *result = verify->result;

	for (const struct verify_signature *signature = verify_holds_end(&verify->holds);
		signature != NULL; signature = signature->next)
		tell(verify, signature);
	if (verify->key_count == 0 && result->signatures > 0)
		verify_note(verify, "there %s %llu signature%s; without --key %s not checked",
			result->signatures == 1 ? "is" : "are",
			(unsigned long long)result->signatures,
			result->signatures == 1 ? "" : "s",
			result->signatures == 1 ? "it is" : "they are");
	else if (verify->key_count > 0 && result->signatures == 0)
		verify_found(verify, verify->files.items[0].path, 0,
			"nothing in it is signed by a key that was given");
	else if (verify->key_count > 0 && result->signed_to + 1 < result->last)
		verify_note(verify, "not signed yet: seq %llu to %llu",
			(unsigned long long)result->signed_to + 1,
			(unsigned long long)result->last);
}
