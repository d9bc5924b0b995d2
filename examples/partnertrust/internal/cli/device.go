package cli

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mosip/partnertrust/certchain"
	"github.com/mosip/partnertrust/certchain/device"
	"github.com/mosip/partnertrust/certchain/x5c"
)

// captureJSON is a capture as a request has it, or as the device's service
// answered. A biometricHash is not of the platform's format: who can decrypt adds
// it, so that the links between the segments can be judged.
type captureJSON struct {
	TransactionID string `json:"transactionId"`
	Env           string `json:"env"`
	DomainURI     string `json:"domainUri"`
	Biometrics    []struct {
		Data          string `json:"data"`
		Hash          string `json:"hash"`
		BiometricHash string `json:"biometricHash"` // SHA-256 of the decrypted biometric, in hex
	} `json:"biometrics"`
}

type captureFlags struct {
	storeFlags
	rules
	transaction, env, domainURI string
	environments, purposes      []string
	acceptL0                    bool
}

func (a *app) deviceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "device",
		Short:   "What did a biometric device and its chip sign?",
		Long:    `Judge what biometric devices sign.`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Example: `  partnertrust device verify --store trust capture.json`,
	}
	cmd.AddCommand(a.deviceVerifyCommand())
	return cmd
}

func (a *app) deviceVerifyCommand() *cobra.Command {
	f := &captureFlags{}
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Is this capture signed by a trusted device with a trusted chip?",
		Long: `Judge a biometric capture: a JSON object with biometrics, an array of segments that have the device's JWS
as data, and hash; and with transactionId, env and domainUri of the request, which flags override. The
device must chain to a CA of the domain DEVICE, its chip to one of FTM.

Captures are fresh for half a minute: give --at the time of an old one. The links between the segments
are judged where each has a biometricHash, the SHA-256 of what was decrypted, in hex.`,
		Example: `  partnertrust device verify --store trust capture.json
  partnertrust device verify --ca DEVICE=device-cas.p7b --ca FTM=ftm-cas.p7b --json capture.json`,
		Args: cobra.ExactArgs(1),
	}
	f.storeFlags.addTo(cmd, true)
	f.rules.addRevocation(cmd, "refuse")
	flags := cmd.Flags()
	flags.StringVar(&f.transaction, "transaction", "", "the transaction's `id`")
	flags.StringVar(&f.env, "env", "", "the request's `environment`")
	flags.StringVar(&f.domainURI, "domain-uri", "", "the request's `URI`")
	flags.StringSliceVar(&f.environments, "environments", []string{"Production", "Pre-Production", "Staging", "Developer"}, "the `names` of environments that are accepted")
	flags.StringSliceVar(&f.purposes, "purposes", []string{"Auth"}, "the `purposes` that are accepted")
	flags.BoolVar(&f.acceptL0, "dangerously-accept-l0", false, "accept a digital id that the device signed itself, as devices without a chip do")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		request, segments, linked, err := f.readCapture(a, args[0])
		if err != nil {
			return err
		}
		captures, err := f.judge(cmd.Context(), a, request, segments, linked)
		var refusal *device.Error
		if err != nil && !errors.As(err, &refusal) {
			return err
		}
		if refusal != nil && errors.Is(refusal, certchain.SourceFailed) {
			return refusal
		}
		if a.json {
			return a.concluded(a.writeJSON(captureAnswer(captures, refusal, linked)), refusal == nil)
		}
		a.writeCapture(captures, refusal, linked)
		return a.concluded(nil, refusal == nil)
	}
	return cmd
}

func (f *captureFlags) readCapture(a *app, name string) (device.Request, []device.Segment, bool, error) {
	data, err := a.read(name)
	if err != nil {
		return device.Request{}, nil, false, err
	}
	var c captureJSON
	if err := json.Unmarshal(data, &c); err != nil {
		return device.Request{}, nil, false, fmt.Errorf("%s: %w", name, err)
	}
	linked := len(c.Biometrics) > 0
	segments := make([]device.Segment, len(c.Biometrics))
	for i, b := range c.Biometrics {
		sum, err := hex.DecodeString(b.BiometricHash)
		if err != nil {
			return device.Request{}, nil, false, fmt.Errorf("%s: /biometrics/%d/biometricHash: %w", name, i, err)
		}
		segments[i] = device.Segment{Data: b.Data, Hash: b.Hash, BiometricHash: sum}
		linked = linked && len(sum) > 0
	}
	for _, override := range []struct{ from, to *string }{
		{&f.transaction, &c.TransactionID}, {&f.env, &c.Env}, {&f.domainURI, &c.DomainURI},
	} {
		if *override.from != "" {
			*override.to = *override.from
		}
	}
	return device.Request{TransactionID: c.TransactionID, Env: c.Env, DomainURI: c.DomainURI}, segments, linked, nil
}

func (f *captureFlags) judge(ctx context.Context, a *app, request device.Request, segments []device.Segment, linked bool) ([]device.Capture, error) {
	opts, err := f.options(a)
	if err != nil {
		return nil, err
	}
	store, done, err := f.open(ctx, a, "")
	if err != nil {
		return nil, err
	}
	defer done()
	judged := []device.Option{
		device.WithClock(a.clock()), device.Environments(f.environments...), device.Purposes(f.purposes...),
	}
	if f.acceptL0 {
		judged = append(judged, device.DangerouslyAcceptL0())
	}
	if !linked {
		judged = append(judged, device.HashesLater())
	}
	return device.New(x5c.New(certchain.New(store, opts...)), judged...).VerifyCapture(ctx, segments, request)
}
