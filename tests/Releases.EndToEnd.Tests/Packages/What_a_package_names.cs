using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using CliWrap;
using CliWrap.Buffered;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Packages;

/// <summary>
/// A package that is made of a clone of a public repository names the repository, and its assemblies the address of their sources. A small
/// project is packed as the packages are, with this repository's own settings, because the tests' clone may have no public address.
/// </summary>
public sealed class What_a_package_names : IDisposable
{
    private const string Address = "https://github.com/acme/shop";

    /// <summary>The kind of debug information that says where the sources are, of the format of portable PDBs.</summary>
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly DirectoryInfo _clone = Directory.CreateTempSubdirectory("convox-clone-");

    public void Dispose() => _clone.Delete(recursive: true);

    [Fact]
    public async Task Is_its_repository_and_the_sources_of_its_assemblies()
    {
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", "CHANGELOG.md", "global.json", "nuget.config"])
            Copy(file);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "build"), "*", SearchOption.AllDirectories))
            Copy(Path.GetRelativePath(Repository.Root, file));
        Write("src/Releases.Tasks/Some.cs", "namespace Releases;\n\n/// <summary>Has code.</summary>\npublic static class Some\n{\n"
            + "    /// <summary>Has a line.</summary>\n    public static string Text(object of) => $\"{of}\";\n}\n");
        Write("src/Releases.Tasks/Releases.Tasks.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><IsPackable>true</IsPackable><Description>A test.</Description></PropertyGroup>"
                + "<Import Project=\"../../build/Packaging.targets\" /></Project>");
        foreach (var words in (string[][])[["init", "-q"], ["remote", "add", "origin", Address + ".git"], ["add", "."],
            ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "all"]])
            await Run("git", words);
        var commit = (await Run("git", "rev-parse", "HEAD")).Trim();
        await Run("dotnet", "pack", "src/Releases.Tasks", "-c", "Release", "-o", "out", "-nologo", "-tl:off", $"-p:SourceUrl={Address}");

        using var package = new Package(Directory.GetFiles(In("out"), "*.nupkg").Single());
        Assert.Equal(Address, package.Manifest("projectUrl"));
        var manifest = XDocument.Parse(package.Text("Releases.Tasks.nuspec")).Descendants().Single(e => e.Name.LocalName == "repository");
        Assert.Equal(("git", Address, commit),
            ((string?)manifest.Attribute("type"), (string?)manifest.Attribute("url"), (string?)manifest.Attribute("commit")));
        Assert.Contains($"https://raw.githubusercontent.com/acme/shop/{commit}/*",
            Sources(package.Content("lib/net10.0/Releases.Tasks.dll")), StringComparison.Ordinal);
    }

    private static string Sources(byte[] assembly)
    {
        using var program = new PEReader(new MemoryStream(assembly));
        var embedded = program.ReadDebugDirectory().Single(d => d.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = program.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var reader = symbols.GetMetadataReader();
        return string.Concat(reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(i => reader.GetGuid(i.Kind) == SourceLink).Select(i => Encoding.UTF8.GetString(reader.GetBlobBytes(i.Value))));
    }

    private async Task<string> Run(string program, params string[] words)
    {
        var run = await Cli.Wrap(program).WithArguments(words).WithWorkingDirectory(_clone.FullName)
            .WithEnvironmentVariables(e => e.Set(CleanEnvironment.ForPacking)).WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(run.IsSuccess, run.StandardOutput + run.StandardError);
        return run.StandardOutput;
    }

    private void Copy(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(file))!);
        File.Copy(Path.Combine(Repository.Root, file), In(file));
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(file))!);
        File.WriteAllText(In(file), text);
    }

    private string In(string file) => Path.Combine(_clone.FullName, file);
}
