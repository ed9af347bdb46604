using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;
using Releases.Local;

namespace Releases.Tool;

/// <summary>
/// Builds a container image of this tool with the SDK's own container support: from a project that compiles nothing and whose publish
/// folder holds the tool's files.
/// </summary>
/// <param name="run">Runs the SDK.</param>
/// <param name="time">The clock.</param>
internal sealed class AgentImage(RunDotnet run, TimeProvider time)
{
    private const string Place = "/app/";

    /// <summary>Pushes the image and returns its address by digest.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="target">The registry and repository to push to.</param>
    /// <param name="log">Receives each line that the SDK prints.</param>
    /// <param name="cancel">A token that cancels the push.</param>
    public async Task<PushedAgent> Push(ToolCommand tool, PushTarget target, Action<string> log, CancellationToken cancel)
    {
        HeldFolder.Sweep([Path.GetTempPath()], HeldFolder.Build, time);
        using var folder = HeldFolder.Make([Path.GetTempPath()], HeldFolder.Build);
        SearchBoundary.WriteTo(folder.Path);
        var files = Path.Combine(folder.Path, "files");
        foreach (var file in tool.Files()) Copy(file, Path.Combine(files, Path.GetRelativePath(tool.Folder, file.FullName)));
        var (project, digest) = (Path.Combine(folder.Path, "agent.proj"), Path.Combine(folder.Path, "digest"));
        var isArm64 = IsNative(tool) && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        await File.WriteAllTextAsync(project, Project(tool, target, isArm64, files, digest), cancel);
        var errors = new BuildErrors();
        var ended = await run(
            // No node may outlive the push, because it would keep the login in its environment.
            new(["msbuild", project, "-nologo", "-tl:off", "-v:minimal", "-nodeReuse:false", "-t:PushAgent"], folder.Path,
                PushLogin.Variables(target)),
            line =>
            {
                errors.Look(line);
                log(line);
            }, cancel);
        if (ended != 0) throw Failed(errors.First.Text);
        return new($"{target}@{(await File.ReadAllTextAsync(digest, cancel)).Trim()}", isArm64);
    }

    /// <summary>
    /// Determines whether the tool is a native program. If it isn't, its files run on any machine, and the image is for the template's
    /// default architecture.
    /// </summary>
    private static bool IsNative(ToolCommand tool) => !File.Exists(Path.Combine(tool.Folder, ToolCommand.Assembly));

    private string Project(ToolCommand tool, PushTarget target, bool isArm64, string files, string digest)
    {
        var (@base, entrypoint) = IsNative(tool)
            ? ("runtime-deps", Place + Path.GetFileName(tool.Program))
            : ("aspnet", $"dotnet;{Place}{ToolCommand.Assembly}");
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <!-- No git repository above the temporary folder is read. -->
                <EnableSourceControlManagerQueries>false</EnableSourceControlManagerQueries>
                <PublishDir>{InXml(files + Path.DirectorySeparatorChar)}</PublishDir>
                <ContainerRegistry>{InXml(target.Registry)}</ContainerRegistry>
                <ContainerRepository>{InXml(target.Repository)}</ContainerRepository>
                <ContainerImageTag>{Tag()}</ContainerImageTag>
                <ContainerRuntimeIdentifier>linux-{(isArm64 ? "arm64" : "x64")}</ContainerRuntimeIdentifier>
                <!-- As with any project, a variable of that name chooses another one. -->
                <ContainerBaseImage Condition="'$(ContainerBaseImage)' == ''">mcr.microsoft.com/dotnet/{@base}:10.0</ContainerBaseImage>
                <ContainerWorkingDirectory>{Place}</ContainerWorkingDirectory>
                <ContainerAppCommandInstruction>Entrypoint</ContainerAppCommandInstruction>
                <ContainerTitle>dotnet-convox</ContainerTitle>
                <ContainerVersion>{InXml(ToolVersion.Text)}</ContainerVersion>
              </PropertyGroup>
              <ItemGroup>
                <ContainerAppCommand Include="{InXml(entrypoint, list: true)}" />
              </ItemGroup>
              <Target Name="PushAgent" DependsOnTargets="PublishContainer">
                <WriteLinesToFile File="{InXml(digest)}" Lines="$(GeneratedContainerDigest)" Overwrite="true" />
              </Target>
            </Project>
            """;
    }

    /// <summary>
    /// Returns a tag that is unique to the image and shows its version and age, so that pushing never moves an existing tag.
    /// </summary>
    private string Tag() =>
        $"{ToolVersion.Text}-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";

    private static string InXml(string text, bool list = false) => SecurityElement.Escape(list ? text : BuildFolder.Escaped(text));

    private static void Copy(FileInfo file, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        file.CopyTo(path);
    }

    private static ProblemException Failed(string why) => new Problem(
        ProblemCode.AgentImage, $"the agent's image couldn't be made: {why.TrimEnd('.')}.",
        "Fix that, then run this again.").ToException();
}

/// <summary>Represents a pushed image of the agent.</summary>
/// <param name="Address">The image's address, by digest.</param>
/// <param name="IsArm64">Whether the image is for arm64 rather than x64.</param>
internal sealed record PushedAgent(string Address, bool IsArm64);
