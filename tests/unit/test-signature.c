/* Ed25519: the vectors of RFC 8032 (7.1), and keys and signatures that are none. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/signature.h"

static const struct vector {
	const char *secret, *key, *message, *signature;
} vectors[] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		"5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		"18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
	{"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
		"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
		"09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

enum { VECTORS = sizeof(vectors) / sizeof(vectors[0]) };

static size_t unhex(const char *text, unsigned char *bytes)
{
	size_t length = strlen(text) / 2;

	for (size_t i = 0; i < length; i++) {
		const char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};

		bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
	}
	return length;
}

/* PKCS #8 around the secret of a vector, as openssl genpkey writes it. */
static const char *pem_of(const char *secret)
{
	static char pem[256];
	unsigned char der[48], text[128];

	unhex("302e020100300506032b657004220420", der);
	unhex(secret, der + 16);
	EVP_EncodeBlock(text, der, sizeof(der));
	snprintf(pem, sizeof(pem), "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n",
		(const char *)text);
	return pem;
}

static void the_vectors_of_rfc_8032_hold(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < VECTORS; i++) {
		unsigned char key[32], message[64], expected[64], signature[64];
		size_t length = unhex(vectors[i].message, message);
		struct signature_signer signer;
		const char *complaint = NULL;
		const char *pem = pem_of(vectors[i].secret);

		unhex(vectors[i].key, key);
		unhex(vectors[i].signature, expected);
		assert_int_equal(signature_verify(key, message, length, expected), SIGNATURE_HOLDS);
		assert_int_equal(
			signature_signer_begin(arena, &signer, pem, strlen(pem), &complaint), 0);
		assert_memory_equal(signer.public_key, key, 32);
		assert_int_equal(signature_sign(&signer, message, length, signature), 0);
		assert_memory_equal(signature, expected, 64);
		signature_signer_end(&signer);
	}
	arena_free(arena);
}

/* Of the message, of the signature, of the key: each bit by itself. */
static void R43_one_flipped_bit_is_wrong(void **state)
{
	unsigned char key[32], message[64], signature[64];
	size_t length = unhex(vectors[3].message, message);

	(void)state;
	unhex(vectors[3].key, key);
	unhex(vectors[3].signature, signature);
	for (size_t bit = 0; bit < 8 * (32 + 64 + length); bit++) {
		size_t byte = bit / 8;
		unsigned char *place = byte < 32   ? &key[byte]
				       : byte < 96 ? &signature[byte - 32]
						   : &message[byte - 96];
		unsigned char mask = (unsigned char)(1 << (bit % 8));

		*place ^= mask;
		assert_int_equal(
			signature_verify(key, message, length, signature), SIGNATURE_WRONG);
		*place ^= mask;
	}
	assert_int_equal(signature_verify(key, message, length, signature), SIGNATURE_HOLDS);
	assert_int_equal(signature_verify(key, message, length - 1, signature), SIGNATURE_WRONG);
}

/* S + L signs the same: RFC 8032, 5.1.7, wants S below L, so that a signature has one form. */
static void a_signature_has_one_form(void **state)
{
	static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
		0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
	unsigned char key[32], signature[64];
	unsigned carry = 0;

	(void)state;
	unhex(vectors[1].key, key);
	unhex(vectors[1].signature, signature);
	for (size_t i = 0; i < 32; i++) {
		carry += signature[32 + i] + order[i];
		signature[32 + i] = (unsigned char)carry;
		carry >>= 8;
	}
	assert_int_equal(carry, 0);
	assert_int_equal(signature_verify(key, "\x72", 1, signature), SIGNATURE_WRONG);
}

/* All points whose order divides eight, with both signs, and forms that are no canonical number. */
static void keys_of_small_order_are_refused(void **state)
{
	static const char *const keys[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000080",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"0200000000000000000000000000000000000000000000000000000000000000",
	};
	unsigned char forged[64] = {1};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		unsigned char key[32], parsed[32];
		char text[SIGNATURE_KEY_TEXT_SIZE];
		const char *complaint = NULL;

		unhex(keys[i], key);
		signature_key_print(key, text);
		assert_int_equal(signature_key_parse(text, parsed, &complaint), -1);
		assert_non_null(complaint);
		assert_int_equal(signature_verify(key, "x", 1, forged), SIGNATURE_WRONG);
	}
}

static void a_key_comes_back_from_its_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < VECTORS; i++) {
		unsigned char key[32], parsed[32];
		char text[SIGNATURE_KEY_TEXT_SIZE];
		const char *complaint = "";

		unhex(vectors[i].key, key);
		signature_key_print(key, text);
		assert_int_equal(strlen(text), SIGNATURE_KEY_TEXT_SIZE - 1);
		assert_int_equal(signature_key_parse(text, parsed, &complaint), 0);
		assert_null(complaint);
		assert_memory_equal(parsed, key, 32);
	}
}

static void malformed_keys_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"ed25519",
		"ed25519:",
		"ED25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"rsa:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"ed448:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo==",
		"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURp=", /* stray bits */
		"ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=", /* base64url */
		"ed25519: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR=",
		"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n",
		"ed25519:\n1qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHU===",
		"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURoA",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		unsigned char key[32] = {0};
		static const unsigned char untouched[32] = {0};
		const char *complaint = NULL;

		assert_int_equal(signature_key_parse(texts[i], key, &complaint), -1);
		assert_non_null(strstr(complaint, "expected"));
		assert_memory_equal(key, untouched, 32);
	}
}

static void a_signature_comes_back_from_its_text(void **state)
{
	unsigned char signature[64], parsed[64];
	char text[SIGNATURE_TEXT_SIZE];
	const char *complaint = "";

	(void)state;
	unhex(vectors[0].signature, signature);
	signature_print(signature, text);
	assert_int_equal(signature_parse(text, parsed, &complaint), 0);
	assert_null(complaint);
	assert_memory_equal(parsed, signature, 64);
	text[85]++; /* before "==": stray bits */
	assert_int_equal(signature_parse(text, parsed, &complaint), -1);
	assert_non_null(complaint);
	assert_int_equal(signature_parse("", parsed, &complaint), -1);
}

static char *generate(const char *type, const char *passphrase)
{
	EVP_PKEY *key = strcmp(type, "RSA") == 0
				? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048)
				: EVP_PKEY_Q_keygen(NULL, NULL, type);
	BIO *out = BIO_new(BIO_s_mem());
	char *bytes, *pem;
	long length;

	assert_non_null(key);
	assert_int_equal(
		PEM_write_bio_PrivateKey(out, key, passphrase == NULL ? NULL : EVP_aes_256_cbc(),
			NULL, 0, NULL, (void *)(uintptr_t)passphrase),
		1);
	length = BIO_get_mem_data(out, &bytes);
	pem = strndup(bytes, (size_t)length);
	BIO_free(out);
	EVP_PKEY_free(key);
	return pem;
}

static void expect_refused(const char *pem, const char *part)
{
	struct arena *arena = arena_new();
	struct signature_signer signer;
	const char *complaint = NULL;

	assert_int_equal(signature_signer_begin(arena, &signer, pem, strlen(pem), &complaint), -1);
	assert_non_null(strstr(complaint, part));
	signature_signer_end(&signer);
	arena_free(arena);
}

static void other_private_keys_are_refused_by_name(void **state)
{
	static const struct {
		const char *type, *passphrase, *part;
	} cases[] = {{"RSA", NULL, "type RSA; expected Ed25519"},
		{"ED448", NULL, "type ED448; expected Ed25519"},
		{"X25519", NULL, "type X25519; expected Ed25519"},
		{"ED25519", "secret", "without a passphrase"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *pem = generate(cases[i].type, cases[i].passphrase);

		expect_refused(pem, cases[i].part);
		free(pem);
	}
	expect_refused("", "no private key");
	expect_refused(
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_rfc_8032_hold),
		cmocka_unit_test(R43_one_flipped_bit_is_wrong),
		cmocka_unit_test(a_signature_has_one_form),
		cmocka_unit_test(keys_of_small_order_are_refused),
		cmocka_unit_test(a_key_comes_back_from_its_text),
		cmocka_unit_test(malformed_keys_are_refused),
		cmocka_unit_test(a_signature_comes_back_from_its_text),
		cmocka_unit_test(other_private_keys_are_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
