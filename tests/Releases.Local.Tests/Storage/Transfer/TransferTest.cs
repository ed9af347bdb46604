using Releases.Local.Tests.Storage.Artifacts;
using Releases.Testing;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A release of <c>Hello</c> on one home, and another home that it is to come to.</summary>
public abstract class TransferTest : ArtifactTest, IProgress<OperationNote>
{
    private readonly TemporaryHome _other = new();

    private protected LocalHome OtherHome => _other.Home;

    protected string ReleaseFile => Path.Combine(Temporary, "hello.tar");

    public void Report(OperationNote value)
    {
    }

    private protected LocalRack From() => LocalRack.Open(Home, $"local:{Home.Folder}", TimeProvider.System);

    private protected LocalRack To() => LocalRack.Open(OtherHome, $"local:{OtherHome.Folder}", TimeProvider.System);

    private protected OperationContext On(Rack rack) => new(rack, TimeProvider.System, _ => Task.FromResult(A.Person), this);

    private protected async Task<Release> Released(Rack rack) => (await new CreateRelease(rack, TimeProvider.System).FromBuild(
        new(A.App, Temporary, [new(new(Path.Combine(Temporary, "Hello.csproj"), null, true), Published, "Hello")], "a build", null,
            A.Person), Cancel)).Release;

    private protected async Task<ExportedRelease> Export()
    {
        await using var rack = From();
        return await new ExportRelease(On(rack)).Run(A.App, (await Released(rack)).Id, _ => ReleaseFile, Cancel);
    }

    private protected async Task<CreatedRelease> Import(AppName? app = null, string? digest = null)
    {
        await using var rack = To();
        return await new ImportRelease(On(rack)).Run(ReleaseFile, app, digest, Cancel);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _other.Dispose();
        base.Dispose(disposing);
    }
}
