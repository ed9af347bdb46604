using Xunit;

namespace Releases.Testing;

/// <summary>What every kind of rack says of its racks before one is opened.</summary>
public abstract class RackKindContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IRackKind Kind { get; }

    /// <summary>Makes a rack and returns its address.</summary>
    protected abstract Task<string> Make();

    [Fact]
    public async Task An_opened_rack_has_the_address_and_stores_the_artifacts_of_its_kind()
    {
        var address = Kind.TryParse(await Make(), Environment.CurrentDirectory);
        await using var rack = await Kind.Open(address!, TimeProvider.System, _ => { }, Cancel);
        Assert.Equal((address!.Text, Kind.ArtifactKind), (rack.Address, rack.Artifacts.Kind));
    }
}
