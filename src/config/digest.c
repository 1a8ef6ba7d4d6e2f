#include "config/digest.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

static void fail(struct digest *digest)
{
	EVP_MD_CTX_free(digest->context);
	digest->context = NULL;
}

void digest_begin(struct digest *digest)
{
	digest->context = EVP_MD_CTX_new();
	if (digest->context != NULL && EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1)
		fail(digest);
}

/* The length goes first, so that no two lists of files give the same bytes. */
static void add(struct digest *digest, const char *bytes, size_t length)
{
	unsigned char head[8];

	for (size_t i = 0; i < sizeof(head); i++)
		head[i] = (unsigned char)((uint64_t)length >> (56 - 8 * i));
	if (digest->context != NULL &&
		(EVP_DigestUpdate(digest->context, head, sizeof(head)) != 1 ||
			EVP_DigestUpdate(digest->context, bytes, length) != 1))
		fail(digest);
}

void digest_file(struct digest *digest, const char *name, const char *bytes, size_t length)
{
	add(digest, name, strlen(name));
	add(digest, bytes, length);
}

void digest_bytes(struct digest *digest, const char *bytes, size_t length)
{
	if (digest->context != NULL && EVP_DigestUpdate(digest->context, bytes, length) != 1)
		fail(digest);
}

int digest_end(struct digest *digest, char text[65])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	int result = -1;

	memset(text, 0, 65);
	if (digest->context != NULL && EVP_DigestFinal_ex(digest->context, hash, &length) == 1 &&
		length == 32) {
		for (size_t i = 0; i < length; i++) {
			text[2 * i] = digits[hash[i] >> 4];
			text[2 * i + 1] = digits[hash[i] & 15];
		}
		result = 0;
	}
	fail(digest);
	return result;
}
