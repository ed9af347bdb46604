namespace Releases;

/// <summary>What of a hook is secret: its address, which often has a token in it, the key that signs, and a token.</summary>
/// <param name="Address">Where to.</param>
/// <param name="Signing">The secret that signs, <c>whsec_…</c>; null: nothing is signed.</param>
/// <param name="Token">What GitHub takes; null: none.</param>
public sealed record HookSecrets(string Address, string? Signing, string? Token)
{
    private const string AddressKey = "ADDRESS";
    private const string SigningKey = "SIGNING";
    private const string TokenKey = "TOKEN";

    /// <summary>As the vault seals it.</summary>
    public EnvironmentSet ToEnvironment() => EnvironmentSet.Of(
        new[] { (AddressKey, Address), (SigningKey, Signing), (TokenKey, Token) }
            .Where(s => s.Item2 is not null).Select(s => KeyValuePair.Create(s.Item1, s.Item2!)));

    /// <summary>Opens what a hook sealed. Fails with <see cref="ProblemCode.Vault"/>.</summary>
    public static async Task<HookSecrets> Open(IVault vault, Hook hook, CancellationToken cancel)
    {
        var opened = await vault.Open(hook.App, hook.SealedUnder, hook.Sealed, cancel);
        return new(
            opened.TryGet(AddressKey, out var address) ? address : "", opened.TryGet(SigningKey, out var signing) ? signing : null,
            opened.TryGet(TokenKey, out var token) ? token : null);
    }

    /// <summary>Prints none of them.</summary>
    public override string ToString() => nameof(HookSecrets);
}
