#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "config/signature.h"

/* Without this, libcrypto would ask for a passphrase on the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *asked)
{
	(void)buffer;
	(void)size;
	(void)writing;
	*(int *)asked = 1;
	return -1;
}

static int check_kind(struct arena *arena, struct signature_signer *signer, const char **complaint)
{
	const char *kind = EVP_PKEY_get0_type_name(signer->key);
	size_t size = SIGNATURE_KEY_SIZE;

	*complaint = NULL;
	if (EVP_PKEY_get_base_id(signer->key) != EVP_PKEY_ED25519)
		*complaint = arena_printf(arena, "it is a key of type %s; expected Ed25519",
			kind != NULL ? kind : "unknown");
	else if (EVP_PKEY_get_raw_public_key(signer->key, signer->public_key, &size) != 1 ||
		 size != SIGNATURE_KEY_SIZE)
		*complaint = "it gives no public key";
	return *complaint == NULL ? 0 : -1;
}

int signature_signer_begin(struct arena *arena, struct signature_signer *signer, const char *pem,
	size_t length, const char **complaint)
{
	int asked = 0;
	BIO *bytes;

	*signer = (struct signature_signer){0};
	bytes = length < INT32_MAX ? BIO_new_mem_buf(pem, (int)length) : NULL;
	if (bytes != NULL)
		signer->key = PEM_read_bio_PrivateKey(bytes, NULL, no_passphrase, &asked);
	BIO_free(bytes);
	if (signer->key != NULL)
		return check_kind(arena, signer, complaint);
	*complaint = asked ? "it is encrypted; expected a private key without a passphrase"
			   : "it holds no private key; expected PEM (PKCS #8), as openssl "
			     "genpkey -algorithm ed25519 writes it";
	return -1;
}

void signature_signer_end(struct signature_signer *signer)
{
	EVP_PKEY_free(signer->key);
	*signer = (struct signature_signer){0};
}

int signature_sign(const struct signature_signer *signer, const void *bytes, size_t length,
	unsigned char signature[SIGNATURE_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = SIGNATURE_SIZE;
	int result = -1;

	if (context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, signer->key) == 1 &&
		EVP_DigestSign(context, signature, &size, bytes, length) == 1 &&
		size == SIGNATURE_SIZE &&
		signature_verify(signer->public_key, bytes, length, signature) == SIGNATURE_HOLDS)
		result = 0;
	EVP_MD_CTX_free(context);
	return result;
}
