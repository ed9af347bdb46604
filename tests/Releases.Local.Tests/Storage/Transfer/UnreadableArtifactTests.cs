using System.Runtime.Versioning;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

[UnsupportedOSPlatform("windows")]
public sealed class UnreadableArtifactTests : TransferTest
{
    [Fact]
    public async Task An_artifact_that_this_user_cannot_read_is_left_out_of_a_backup_and_named_with_the_reason()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root reads everything.");
        await using var rack = From();
        var artifact = (await Released(rack)).Services[A.Web].Artifact!;
        var file = Stored(artifact, "Hello.dll");
        File.SetUnixFileMode(file, UnixFileMode.None);
        var written = await new BackUpHome(Home, TimeProvider.System).Run(Path.Combine(Temporary, "backup"), withKey: false, Cancel);
        Assert.Equal(
            [new(artifact.Digest, $"it can't be read: Access to the path '{file}' is denied. Back up as the user of the rack.")],
            written.Omitted);
    }
}
