using System.Text;
using System.Text.Json;
using Xunit;

namespace Releases.Tests.Transfer;

public sealed class OciPiecesTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"layers":[null]}""")]
    [InlineData("""{"manifests":[null]}""")]
    [InlineData("""{"layers":null,"manifests":[{}]}""")]
    [InlineData("""{"layers":[{"mediaType":null,"digest":null,"size":0}]}""")]
    [InlineData("""{"layers":[{"mediaType":"a","digest":"sha256:short","size":0}]}""")]
    [InlineData("""{"layers":[{"mediaType":"a","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":-1}]}""")]
    [InlineData("""{"layers":{}}""")]
    public async Task A_manifest_that_is_none_is_told_as_one_whatever_it_has(string manifest)
    {
        var content = Encoding.UTF8.GetBytes(manifest);
        var root = new OciDescriptor(OciTypes.Manifest, OciPieces.DigestOf(content), content.Length);
        var failure = await Record.ExceptionAsync(() => OciPieces.List(
            root, (_, _) => Task.FromResult<Stream>(new MemoryStream(content)), TestContext.Current.CancellationToken));
        Assert.True(failure is InvalidDataException or JsonException, $"{failure}");
    }
}
