/*
 * libcrypto takes any 32 bytes as a key. Under a point of small order a signature is true of every
 * message, so whoever gets such a "key" accepted can sign without knowing anything.
 */
#include "config/signature_point.h"

#include <openssl/bn.h>
#include <stdbool.h>
#include <string.h>

enum { SIZE = 32 };

static const char *const prime = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
static const char *const curve_d =
	"52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";

/* The y of all points whose order divides eight; x only differs in its sign. */
static const unsigned char small_orders[][SIZE] = {
	{0},
	{1},
	{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x7f},
	{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
		0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d,
		0x53, 0xfc, 0x05},
	{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
		0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92,
		0xac, 0x03, 0x7a},
};

struct numbers {
	BN_CTX *context;
	BIGNUM *prime, *d, *y, *left, *right;
};

/* -x^2 + y^2 = 1 + d x^2 y^2 has an x when (y^2 - 1)(d y^2 + 1) is a square. */
static bool has_x(const struct numbers *n)
{
	return BN_mod_sqr(n->left, n->y, n->prime, n->context) == 1 &&
	       BN_mod_mul(n->right, n->d, n->left, n->prime, n->context) == 1 &&
	       BN_sub_word(n->left, 1) == 1 && BN_add_word(n->right, 1) == 1 &&
	       BN_mod_mul(n->left, n->left, n->right, n->prime, n->context) == 1 &&
	       BN_kronecker(n->left, n->prime, n->context) == 1;
}

static bool is_point(const unsigned char y[SIZE])
{
	struct numbers n = {.context = BN_CTX_new()};
	bool result;

	if (n.context == NULL)
		return false;
	BN_CTX_start(n.context);
	n.y = BN_CTX_get(n.context);
	n.prime = BN_CTX_get(n.context);
	n.d = BN_CTX_get(n.context);
	n.left = BN_CTX_get(n.context);
	n.right = BN_CTX_get(n.context);
	result = n.right != NULL && BN_lebin2bn(y, SIZE, n.y) != NULL &&
		 BN_hex2bn(&n.prime, prime) != 0 && BN_hex2bn(&n.d, curve_d) != 0 &&
		 BN_cmp(n.y, n.prime) < 0 && has_x(&n);
	BN_CTX_end(n.context);
	BN_CTX_free(n.context);
	return result;
}

const char *signature_point_refused(const unsigned char key[SIZE])
{
	unsigned char y[SIZE];

	memcpy(y, key, SIZE);
	y[SIZE - 1] &= 0x7f; /* the sign of x */
	for (size_t i = 0; i < sizeof(small_orders) / sizeof(small_orders[0]); i++)
		if (memcmp(y, small_orders[i], SIZE) == 0)
			return "it is a point of small order, with which anybody can sign";
	return is_point(y) ? NULL : "it is not a point of the curve";
}
