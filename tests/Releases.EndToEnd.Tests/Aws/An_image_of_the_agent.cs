using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Aws;

/// <summary><c>rack agent --image</c>: the tool as it is installed becomes an image that runs an agent.</summary>
public sealed class An_image_of_the_agent(PackedPackages packages) : IAsyncLifetime
{
    private const string Repository = "convox-production/agent";
    private const string BaseVariable = "ContainerBaseImage";

    private readonly AwsStage _aws = new(packages);
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-agent-image-").FullName;

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _aws.Workspace.Variables[BaseVariable] = $"{_aws.Registry.Host}/{OciRegistry.BaseImage}:1";
        // Its project is in the temporary folder, where every user of the machine can write.
        _aws.Workspace.Variables["TMPDIR"] = Path.Combine(_folder, "tmp");
        StrayFiles.WriteTo(Path.Combine(_folder, "tmp"));
    }

    public async ValueTask DisposeAsync()
    {
        Folders.Delete(_folder);
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Has_this_tool_as_its_entry_point_and_runs()
    {
        var made = await _aws.Run("rack", "agent", "--image");
        Assert.True(made.ExitCode == 0, made.All);
        Assert.Matches($"^{_aws.Registry.Host}/{Repository}@sha256:[0-9a-f]{{64}}\n$", made.Out);
        Assert.EndsWith("Pass it to the template of dotnet convox rack template as AgentImage.\n", made.Error, StringComparison.Ordinal);

        var entry = await Extract(made.Out.Trim().Split('@')[1]);
        Assert.True(File.Exists(Path.Combine(_folder, "etc", "base")), "the base image's files are in it");
        var help = await Inside(entry, "rack", "agent", "--help");
        Assert.True(help.ExitCode == 0, help.All);
        Assert.Contains("dotnet convox rack agent [options]", help.Out, StringComparison.Ordinal);
        Assert.Equal(await _aws.Do("--version"), (await Inside(entry, "--version")).Out);

        // As the template's task has it: an agent of the rack, until it is stopped.
        await _aws.Do("rack", "init");
        var agent = StartInside(entry, "rack", "agent");
        await Patience.Until(() => agent.Errors.ToString().Contains("running for rack", StringComparison.Ordinal));
        TestRack.Signal(agent.ProcessId, "TERM");
        var stopped = await agent.Ended;
        Assert.True(stopped.ExitCode == 0, stopped.All);
    }

    [Fact]
    public async Task Is_not_made_of_a_base_image_that_is_not_there_and_the_reason_is_the_SDKs()
    {
        _aws.Workspace.Variables[BaseVariable] = $"{_aws.Registry.Host}/nothing:1";
        var failed = await _aws.Run("rack", "agent", "--image");
        Assert.Equal((1, ""), (failed.ExitCode, failed.Out));
        Assert.Matches(@"error CONVOX0073: the agent's image couldn't be made: .*CONTAINER", failed.Error);
    }

    /// <summary>Unpacks the image as a runtime would, and gives its entry point.</summary>
    private async Task<IReadOnlyList<string>> Extract(string digest)
    {
        var manifest = await _aws.Registry.Manifest(Repository, digest);
        foreach (var layer in manifest["layers"]!.AsArray())
        {
            using var packed = new MemoryStream(await _aws.Registry.Blob(Repository, layer!["digest"]!.GetValue<string>()));
            await using var zip = new GZipStream(packed, CompressionMode.Decompress);
            await using var tar = new TarReader(zip);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                var path = Path.Combine(_folder, entry.Name.TrimStart('/'));
                if (entry.EntryType == TarEntryType.Directory) Directory.CreateDirectory(path);
                else if (entry.DataStream is not null || entry.EntryType is TarEntryType.RegularFile)
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    await entry.ExtractToFileAsync(path, overwrite: true);
                }
            }
        }

        var configuration = JsonNode.Parse(await _aws.Registry.Blob(Repository, manifest["config"]!["digest"]!.GetValue<string>()))!;
        Assert.Equal(("linux", "amd64"), (configuration["os"]!.GetValue<string>(), configuration["architecture"]!.GetValue<string>()));
        return [.. configuration["config"]!["Entrypoint"]!.AsArray().Select(e => e!.GetValue<string>())];
    }

    private Task<ToolRun> Inside(IReadOnlyList<string> entry, params string[] arguments) => StartInside(entry, arguments).Ended;

    private RunningTool StartInside(IReadOnlyList<string> entry, params string[] arguments)
    {
        List<string> all = [.. entry.Select(e => e.StartsWith('/') ? _folder + e : e), .. arguments];
        return TestRack.Start(_folder, _aws.Workspace.Variables, all[0], [.. all.Skip(1)]);
    }
}
