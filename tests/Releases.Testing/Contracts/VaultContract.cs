using System.Text;
using Xunit;

namespace Releases.Testing;

/// <summary>What every vault does.</summary>
public abstract class VaultContract
{
    private static readonly EnvironmentSet Secrets = EnvironmentSet.Of([new("TOKEN", "swordfish-and-ü"), new("EMPTY", "")]);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IVault Vault { get; }

    [Fact]
    public async Task What_was_sealed_opens_again()
    {
        var id = SnapshotId.New();
        var opened = await Vault.Open(A.App, id, await Vault.Seal(A.App, id, Secrets, Cancel), Cancel);
        Assert.Equal(Secrets, opened);
    }

    [Fact]
    public async Task Nothing_of_a_value_or_a_key_can_be_read_in_what_was_sealed_and_no_two_sealings_are_alike()
    {
        var id = SnapshotId.New();
        var once = await Vault.Seal(A.App, id, Secrets, Cancel);
        var twice = await Vault.Seal(A.App, id, Secrets, Cancel);

        Assert.NotEqual(once, twice);
        Assert.Equal(-1, once.AsSpan().IndexOf("swordfish"u8));
        Assert.Equal(-1, once.AsSpan().IndexOf(Encoding.UTF8.GetBytes("TOKEN")));
    }

    [Fact]
    public async Task What_was_sealed_opens_for_no_other_app_and_no_other_id()
    {
        var id = SnapshotId.New();
        var bytes = await Vault.Seal(A.App, id, Secrets, Cancel);
        await Refuses(() => Vault.Open(AppName.Parse("other"), id, bytes, Cancel));
        await Refuses(() => Vault.Open(A.App, SnapshotId.New(), bytes, Cancel));
    }

    [Fact]
    public async Task A_changed_byte_anywhere_is_noticed()
    {
        var id = SnapshotId.New();
        var bytes = await Vault.Seal(A.App, id, Secrets, Cancel);
        for (var i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x80;
            await Assert.ThrowsAsync<ProblemException>(() => Vault.Open(A.App, id, changed, Cancel));
        }

        for (var length = 0; length < bytes.Length; length++) await Refuses(() => Vault.Open(A.App, id, bytes[..length], Cancel));
    }

    private static async Task Refuses(Func<Task> open) =>
        Assert.Equal(ProblemCode.Vault, (await Assert.ThrowsAsync<ProblemException>(open)).Problems[0].Code);
}
