#include "config/signature.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "config/signature_point.h"

#define PREFIX "ed25519:"

/*
 * Exactly `size` bytes. EVP_DecodeBlock(3) passes over white space and stray bits, so only what
 * comes back from its encoding was canonical: one signature has one text.
 */
static int decode(const char *text, unsigned char *bytes, size_t size)
{
	unsigned char decoded[SIGNATURE_SIZE + 3];
	char again[SIGNATURE_TEXT_SIZE];
	size_t length = 4 * ((size + 2) / 3);

	if (strlen(text) != length ||
		EVP_DecodeBlock(decoded, (const unsigned char *)text, (int)length) < (int)size)
		return -1;
	EVP_EncodeBlock((unsigned char *)again, decoded, (int)size);
	if (strcmp(again, text) != 0)
		return -1;
	memcpy(bytes, decoded, size);
	return 0;
}

int signature_key_parse(
	const char *text, unsigned char key[SIGNATURE_KEY_SIZE], const char **complaint)
{
	unsigned char bytes[SIGNATURE_KEY_SIZE];

	*complaint = NULL;
	if (strncmp(text, PREFIX, strlen(PREFIX)) != 0)
		*complaint = "it is of no supported algorithm; expected \"ed25519:\" and base64";
	else if (decode(text + strlen(PREFIX), bytes, sizeof(bytes)) != 0)
		*complaint = "expected \"ed25519:\" and the base64 of 32 bytes, 44 characters";
	else
		*complaint = signature_point_refused(bytes);
	if (*complaint != NULL)
		return -1;
	memcpy(key, bytes, sizeof(bytes));
	return 0;
}

void signature_key_print(
	const unsigned char key[SIGNATURE_KEY_SIZE], char text[SIGNATURE_KEY_TEXT_SIZE])
{
	unsigned char encoded[45];

	EVP_EncodeBlock(encoded, key, SIGNATURE_KEY_SIZE);
	snprintf(text, SIGNATURE_KEY_TEXT_SIZE, PREFIX "%s", (const char *)encoded);
}

int signature_parse(
	const char *text, unsigned char signature[SIGNATURE_SIZE], const char **complaint)
{
	*complaint = "expected the base64 of 64 bytes, 88 characters";
	if (decode(text, signature, SIGNATURE_SIZE) != 0)
		return -1;
	*complaint = NULL;
	return 0;
}

void signature_print(const unsigned char signature[SIGNATURE_SIZE], char text[SIGNATURE_TEXT_SIZE])
{
	EVP_EncodeBlock((unsigned char *)text, signature, SIGNATURE_SIZE);
}

enum signature_verdict signature_verify(const unsigned char key[SIGNATURE_KEY_SIZE],
	const void *bytes, size_t length, const unsigned char signature[SIGNATURE_SIZE])
{
	enum signature_verdict verdict = SIGNATURE_WRONG;
	EVP_PKEY *public_key;
	EVP_MD_CTX *context;

	if (signature_point_refused(key) != NULL)
		return SIGNATURE_WRONG;
	public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, SIGNATURE_KEY_SIZE);
	context = EVP_MD_CTX_new();
	if (public_key != NULL && context != NULL &&
		EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1 &&
		EVP_DigestVerify(context, signature, SIGNATURE_SIZE, bytes, length) == 1)
		verdict = SIGNATURE_HOLDS;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(public_key);
	return verdict;
}
