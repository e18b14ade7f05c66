// What others' libraries make of our statements: in-toto's own types, the DSSE of cosign, Sigstore's bundle. Text comes from
// standard input.
//
//	in-toto validate        statements, one JSON text each: unknown fields are refused, and what must be there is there
//	in-toto sign KEY        one statement; prints a Sigstore bundle, signed with the private key of a PEM file
//	in-toto verify KEY      such a bundle, against a public key
package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"

	provenance "github.com/in-toto/attestation/go/predicates/provenance/v1"
	statement "github.com/in-toto/attestation/go/v1"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	bundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	common "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	envelope "github.com/sigstore/protobuf-specs/gen/pb-go/dsse"
	"google.golang.org/protobuf/encoding/protojson"
)

const payloadType = "application/vnd.in-toto+json"

func main() {
	var err error
	switch os.Args[1] {
	case "validate":
		err = validateAll(os.Stdin)
	case "sign":
		err = sign(os.Args[2])
	case "verify":
		err = verify(os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func validateAll(input io.Reader) error {
	count := 0
	for decoder := json.NewDecoder(input); ; count++ {
		var text json.RawMessage
		if err := decoder.Decode(&text); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		if err := validate(text); err != nil {
			return err
		}
	}
	fmt.Println(count, "valid")
	return nil
}

func validate(text []byte) error {
	var read statement.Statement
	if err := protojson.Unmarshal(text, &read); err != nil {
		return err
	}
	if err := read.Validate(); err != nil {
		return err
	}
	predicate, err := protojson.Marshal(read.GetPredicate())
	if err != nil {
		return err
	}
	var provenance provenance.Provenance
	if err := protojson.Unmarshal(predicate, &provenance); err != nil {
		return err
	}
	return provenance.Validate()
}

func sign(keyFile string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	der, err := readPEM(keyFile)
	if err != nil {
		return err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return err
	}
	private := key.(*ecdsa.PrivateKey)
	signer, err := dsse.NewEnvelopeSigner(&ecKey{private: private, public: &private.PublicKey})
	if err != nil {
		return err
	}
	signed, err := signer.SignPayload(context.Background(), payloadType, text)
	if err != nil {
		return err
	}
	signature, err := base64.StdEncoding.DecodeString(signed.Signatures[0].Sig)
	if err != nil {
		return err
	}
	out, err := protojson.Marshal(&bundle.Bundle{
		MediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
		VerificationMaterial: &bundle.VerificationMaterial{
			Content: &bundle.VerificationMaterial_PublicKey{PublicKey: &common.PublicKeyIdentifier{Hint: "test"}},
		},
		Content: &bundle.Bundle_DsseEnvelope{DsseEnvelope: &envelope.Envelope{
			Payload:     text,
			PayloadType: payloadType,
			Signatures:  []*envelope.Signature{{Sig: signature}},
		}},
	})
	if err != nil {
		return err
	}
	fmt.Println(string(out))
	return nil
}

func verify(keyFile string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	der, err := readPEM(keyFile)
	if err != nil {
		return err
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return err
	}
	var read bundle.Bundle
	if err := protojson.Unmarshal(text, &read); err != nil {
		return err
	}
	inside := read.GetDsseEnvelope()
	signed := dsse.Envelope{
		PayloadType: inside.GetPayloadType(),
		Payload:     base64.StdEncoding.EncodeToString(inside.GetPayload()),
	}
	for _, signature := range inside.GetSignatures() {
		signed.Signatures = append(signed.Signatures, dsse.Signature{Sig: base64.StdEncoding.EncodeToString(signature.GetSig())})
	}
	verifier, err := dsse.NewEnvelopeVerifier(&ecKey{public: key.(*ecdsa.PublicKey)})
	if err != nil {
		return err
	}
	if _, err := verifier.Verify(context.Background(), &signed); err != nil {
		return err
	}
	return validate(inside.GetPayload())
}

// ecKey signs as cosign does with a key pair: ECDSA over the SHA-256 of the text, in ASN.1.
type ecKey struct {
	private *ecdsa.PrivateKey
	public  *ecdsa.PublicKey
}

func (key *ecKey) KeyID() (string, error)   { return "", nil }
func (key *ecKey) Public() crypto.PublicKey { return key.public }

func (key *ecKey) Sign(_ context.Context, text []byte) ([]byte, error) {
	sum := sha256.Sum256(text)
	return ecdsa.SignASN1(rand.Reader, key.private, sum[:])
}

func (key *ecKey) Verify(_ context.Context, text, signature []byte) error {
	if sum := sha256.Sum256(text); !ecdsa.VerifyASN1(key.public, sum[:], signature) {
		return errors.New("the signature is not of this key")
	}
	return nil
}

func readPEM(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM")
	}
	return block.Bytes, nil
}
