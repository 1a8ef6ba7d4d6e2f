/*
 * Ed25519 (RFC 8032, pure) over bytes in memory, and its two texts: a key is "ed25519:" and the
 * base64 (RFC 4648, padded) of its 32 bytes; a signature by itself is the base64 of 64 bytes.
 */
#ifndef ROLEGATE_SIGNATURE_H
#define ROLEGATE_SIGNATURE_H

#include <stddef.h>

#include "base/arena.h"

enum {
	SIGNATURE_SIZE = 64,	  /* bytes */
	SIGNATURE_TEXT_SIZE = 89, /* characters and the NUL */
	SIGNATURE_KEY_SIZE = 32,
	SIGNATURE_KEY_TEXT_SIZE = 53,
};

/* R43: no single flipped bit, and no forgotten value, makes one of the other. */
enum signature_verdict {
	SIGNATURE_WRONG = 0,
	SIGNATURE_HOLDS = 0x5a96c3a5,
};

/*
 * The key of `text`: 0, or -1 with *complaint (static): another algorithm, no canonical base64, not
 * 32 bytes, no point of the curve, or one of small order, under which anybody can sign anything.
 */
int signature_key_parse(
	const char *text, unsigned char key[SIGNATURE_KEY_SIZE], const char **complaint);
void signature_key_print(
	const unsigned char key[SIGNATURE_KEY_SIZE], char text[SIGNATURE_KEY_TEXT_SIZE]);

int signature_parse(
	const char *text, unsigned char signature[SIGNATURE_SIZE], const char **complaint);
void signature_print(const unsigned char signature[SIGNATURE_SIZE], char text[SIGNATURE_TEXT_SIZE]);

/* Wrong too when the key is one that signature_key_parse() refuses. */
enum signature_verdict signature_verify(const unsigned char key[SIGNATURE_KEY_SIZE],
	const void *bytes, size_t length, const unsigned char signature[SIGNATURE_SIZE]);

/* A private key, as `openssl genpkey -algorithm ed25519` writes it. */
struct signature_signer {
	void *key; /* EVP_PKEY */
	unsigned char public_key[SIGNATURE_KEY_SIZE];
};

/*
 * Reads a PEM file's bytes (PKCS #8, not encrypted). 0, or -1 with *complaint in `arena`. End it
 * with signature_signer_end() in both cases.
 */
int signature_signer_begin(struct arena *arena, struct signature_signer *signer, const char *pem,
	size_t length, const char **complaint);
void signature_signer_end(struct signature_signer *signer);

/* 0, or -1; what was signed has been verified with the public key. */
int signature_sign(const struct signature_signer *signer, const void *bytes, size_t length,
	unsigned char signature[SIGNATURE_SIZE]);

#endif
