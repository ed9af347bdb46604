namespace Releases;

/// <summary>Represents the secret parts of a hook: its address, which often contains a token, its signing secret, and a token.</summary>
/// <param name="Address">The address to deliver to.</param>
/// <param name="Signing">The signing secret, <c>whsec_…</c>, or null if deliveries aren't signed.</param>
/// <param name="Token">The GitHub token, or null if there is none.</param>
public sealed record HookSecrets(string Address, string? Signing, string? Token)
{
    private const string AddressKey = "ADDRESS";
    private const string SigningKey = "SIGNING";
    private const string TokenKey = "TOKEN";

    /// <summary>Converts the secrets to the form that the vault seals.</summary>
    public EnvironmentSet ToEnvironment() => EnvironmentSet.Of(
        new[] { (AddressKey, Address), (SigningKey, Signing), (TokenKey, Token) }
            .Where(s => s.Item2 is not null).Select(s => KeyValuePair.Create(s.Item1, s.Item2!)));

    /// <summary>Opens the secrets of a hook. Fails with <see cref="ProblemCode.Vault"/>.</summary>
    public static async Task<HookSecrets> Open(IVault vault, Hook hook, CancellationToken cancel)
    {
        var opened = await vault.Open(hook.App, hook.SealedUnder, hook.Sealed, cancel);
        return new(
            opened.TryGet(AddressKey, out var address) ? address : "", opened.TryGet(SigningKey, out var signing) ? signing : null,
            opened.TryGet(TokenKey, out var token) ? token : null);
    }

    /// <summary>Returns the type's name, and no secrets.</summary>
    public override string ToString() => nameof(HookSecrets);
}
